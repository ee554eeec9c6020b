"""Where the calendar ends: a row that is dated there is found and looked at like any other."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from console.cli.main import run
from console.db.database import Database
from console.errors import Exit
from console.panes.audit.service import Trail
from console.services.audit import gaps
from console.services.audit.questions import BY_NAME
from console.services.audit.sealing import row as row_seal
from tests.services.audit.logging import event, ids, walked, write
from tests.services.audit.test_ahead import by_default
from tests.services.audit.test_sealing import sealed, verified
from tests.targets import target

NOW = datetime.now(UTC).replace(microsecond=0)
FIRST, LAST = datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, 23, 59, tzinfo=UTC)


@pytest.fixture
def log(pg18_migrated: str) -> str:
    """A log of the last week, and two rows from the very first and the very last day."""
    write(pg18_migrated, [event(NOW - timedelta(days=day)) for day in range(7)])
    for moment in (FIRST, LAST):
        by_default(pg18_migrated, event(moment))
    return pg18_migrated


@pytest.mark.parametrize("text", ["until:0001-01-01", "until:0001-01-05", "since:0001-01-01 until:0001-01-02"])
async def test_thirty_days_before_its_beginning_nothing_is(log: str, text: str) -> None:
    async with Database(target(log)) as db:
        assert [row.created_at for row in await walked(db, text)] == [FIRST]


async def test_what_is_around_a_row_there_can_be_asked(log: str) -> None:
    async with Database(target(log)) as db:
        for moment in (FIRST, LAST):
            (row,) = await walked(db, f"since:{moment.isoformat()} until:{(moment + timedelta(seconds=1)).isoformat()}")
            near = BY_NAME["request"].asked_near(str(row.request_id), row.created_at)
            assert ids(await walked(db, near)) == [row.id]
            assert (await row_seal.state(db, row.id, row.created_at)).startswith("not ")


async def test_days_without_events_end_with_it(log: str) -> None:
    async with Database(target(log)) as db:
        trail = Trail(db)
        begun = await trail.begin_days("all")
        days = [day async for looked in trail.silent_days(begun) for day in looked.silent]
    (gap,) = gaps.gaps(days)
    assert gap.first == FIRST + timedelta(days=1)


@pytest.mark.parametrize("span", ["--until 0001-01-03", "--since 9999-12-30 --until 9999-12-31", "--since 9999-12-31"])
def test_a_review_of_days_there_is_refused_in_words(
    log: str, span: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report = ["report", "review", "--output", str(tmp_path / "r.html"), "--reason", "the yearly look"]
    for command in (["review"], report):
        code = run(["--dsn", log, "audit", *command, *span.split()])
        told = capsys.readouterr().err
        assert "unexpected" not in told
        assert (code == Exit.USAGE) is ("9999" in span), told


async def test_a_row_older_than_the_seals_is_not_said_to_be_sealed_one_day(log: str) -> None:
    await sealed(log)
    async with Database(target(log)) as db:
        (row,) = await walked(db, "until:0001-01-01")
        assert await row_seal.state(db, row.id, FIRST) == "not sealed: its day is older than the seals"


async def test_rows_from_before_year_1_are_no_sealed_ones(pg18_migrated: str) -> None:
    """Nobody sees them in a search: who verifies has to hear of them."""
    write(pg18_migrated, [event(NOW - timedelta(days=day)) for day in range(7)])
    await sealed(pg18_migrated)
    assert (await verified(pg18_migrated)).outcome == "intact"
    by_default(pg18_migrated, event(NOW), "0044-03-15 12:00 UTC BC")
    assert [each.state for each in (await verified(pg18_migrated)).findings] == ["unsealed"]


def test_what_is_ahead_of_the_clock_can_be_searched_alone(log: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A remark says how far ahead rows are dated: who looks for them alone has not said until when."""
    by_default(log, event(datetime(2999, 1, 1, tzinfo=UTC)))
    assert run(["--dsn", log, "audit", "search", "since:now"]) == Exit.OK
    told = capsys.readouterr()
    assert told.out.splitlines()[1].startswith("2999-01-01 00:00:00")
    assert "until:now" not in told.err, "it would leave out all"
    assert run(["--dsn", log, "audit", "search", "user:ana since:9999-12-31"]) == Exit.USAGE
    assert "between it and 9999-12-30. Nothing was searched. Rows of that day or later" in capsys.readouterr().err
    assert run(["--dsn", log, "audit", "search", "since:9999-12-31 until:9999-12-31T23:59"]) == Exit.OK
    assert "9999-12-31 23:59:00" in capsys.readouterr().out


async def test_how_far_ahead_rows_are_is_what_one_of_them_says(pg18_migrated: str) -> None:
    ahead = datetime(2999, 1, 1, tzinfo=UTC)
    by_default(pg18_migrated, event(NOW), "12000-01-01 UTC")
    async with Database(target(pg18_migrated)) as db:
        begun = (await Trail(db).begin("since:all")).begun
        assert begun.ready.remarks == ["Rows dated 9999-12-30 or later are in the log, which this search leaves out."]
        assert begun.ready.search.until == begun.ready.here.now
        by_default(pg18_migrated, event(ahead))
        begun = (await Trail(db).begin("since:all")).begun
        assert begun.ready.search.until == ahead
