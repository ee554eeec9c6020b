"""Rows that are dated ahead of the server's clock hide from nobody who has not said until when he searches."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import psycopg
import pytest

from console.cli.main import run
from console.db.database import Database
from console.panes.audit.service import Trail
from console.services.audit import overview, search, walk
from console.services.audit.export.exporting import export
from console.services.audit.export.models import Wanted
from tests.services.audit.logging import ANA, by_hand, event, ids, walked, write
from tests.targets import target

NOW = datetime.now(UTC).replace(microsecond=0)
FAR = datetime(9999, 12, 25, tzinfo=UTC)
PAST = [event(NOW - timedelta(hours=n)) for n in (*range(1, 20), 120)]
AHEAD = [event(NOW + timedelta(days=n), action="EXPORT") for n in (1, 1, 40)]
SAID = "The log has rows dated ahead of the server's clock, up to {:%Y-%m-%d %H:%M:%S} UTC: they are searched, too;"


@pytest.fixture
def log(pg18_migrated: str) -> str:
    """A log with rows before and after this moment, and one from just before the calendar ends."""
    write(pg18_migrated, [*PAST, *AHEAD])
    by_default(pg18_migrated, event(FAR, action="EXPORT"))
    return pg18_migrated


def by_default(dsn: str, row: dict[str, object], moment: str | None = None) -> None:
    """A row for which there is no partition; of a moment that no clock of ours can say, if one is given."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.cursor().execute(
            "insert into audit_logs (id, created_at, action, entity_type, entity_id, user_id, changes, request_id)"
            " values (%(id)s, coalesce(%(moment)s::timestamptz, %(created_at)s), %(action)s, 'PATIENT', %(entity_id)s,"
            " %(user_id)s, '{}', %(request_id)s)",
            row | {"moment": moment},
        )


@pytest.mark.parametrize("text", ["", "since:all", f"since:all user:{ANA}", "since:7d action:export"])
@pytest.mark.parametrize("most", [1, 3, 100])
async def test_they_are_found_like_all_others(log: str, text: str, most: int) -> None:
    wanted = "action = 'EXPORT'" if "export" in text else "true"
    async with Database(target(log)) as db:
        assert ids(await walked(db, text, most)) == by_hand(log, wanted)
        ready = await search.ready(db, text)
        _, bars = await overview.histogram(db, ready, 40)
        assert sum(bar.events for bar in bars) == await overview.exact(db, ready) == len(by_hand(log, wanted))
    assert ready.remarks == [f"{SAID.format(FAR)} until:now leaves them out."]


async def test_a_drawing_ends_now_and_has_them_in_its_last_step(log: str) -> None:
    """Up to year 9999 a step would be a century wide."""
    async with Database(target(log)) as db:
        trail = Trail(db)
        found = await trail.begin("since:7d")
        drawn = await trail.histogram(found, 40, overview.unheard)
        assert drawn.total == await trail.exact(found, overview.unheard)
        until_now = await trail.histogram(await trail.begin("since:7d until:now"), 40, overview.unheard)
    assert drawn.step == until_now.step < timedelta(days=1)
    assert drawn.events[-1] > len(AHEAD)
    assert sum(map(bool, drawn.events)) > 5, "the others stand apart"


async def test_a_drawing_begins_where_rows_can_have_been_written(pg18_migrated: str) -> None:
    """Whoever says since when sees all of it."""
    write(pg18_migrated, PAST)
    by_default(pg18_migrated, event(NOW), "0622-07-16 UTC")
    async with Database(target(pg18_migrated)) as db:
        trail = Trail(db)
        drawn, told = [await trail.histogram(await trail.begin(f"{text} until:1m"), 400, overview.unheard)
                       for text in ("since:all", "since:0600-01-01")]  # fmt: skip
    assert drawn.total == told.total == len(PAST) + 1
    assert (drawn.events[0], sum(drawn.events[-2:])) == (1, len(PAST))
    assert 200 < len(drawn.events) < 260 < len(told.events)


async def test_without_any_a_search_ends_now(pg18_migrated: str) -> None:
    write(pg18_migrated, PAST)
    async with Database(target(pg18_migrated)) as db:
        ready = await search.ready(db, "since:all")
    assert ready.search.until == ready.here.now
    assert ready.remarks == []


async def test_whoever_says_until_when_is_believed(log: str) -> None:
    async with Database(target(log)) as db:
        for text in ("until:now", "since:all until:1m"):
            assert ids(await walked(db, text)) == by_hand(log, "created_at < now()")
            assert (await search.ready(db, text)).remarks == []
        begun = await Trail(db).begin_days("7d")
        silent = [day async for looked in Trail(db).silent_days(begun) for day in looked.silent]
    assert silent
    assert max(silent) < NOW


async def test_behind_them_the_walk_goes_on_in_windows_of_its_own_width(log: str) -> None:
    """What lies ahead may be centuries wide: a window as wide would plan every partition there is."""
    async with Database(target(log)) as db:
        ready = await search.ready(db, "since:all")
        first, second = [part async for part in walk.parts_of(db, ready, 20)][:2]
    assert (first.searched_to, first.searched_from) == (FAR, ready.here.now)
    assert second.searched_to - second.searched_from <= timedelta(days=2)


async def test_a_little_ahead_is_found_without_a_word(pg18_migrated: str) -> None:
    """The clock of a machine that writes may be ahead of the server's."""
    write(pg18_migrated, [event(NOW + timedelta(minutes=4))])
    async with Database(target(pg18_migrated)) as db:
        assert len(await walked(db, "since:all")) == 1
        assert (await search.ready(db, "since:all")).remarks == []


async def test_those_that_no_clock_can_say_are_told_of_and_hide_no_other(log: str) -> None:
    by_default(log, event(NOW), "12000-01-01 UTC")
    async with Database(target(log)) as db:
        assert ids(await walked(db, "since:all")) == by_hand(log, "created_at < '9999-12-31'")
        said = (await search.ready(db, "since:all")).remarks
        assert said[1:] == ["Rows dated 9999-12-30 or later are in the log, which this search leaves out."]
        by_default(log, event(NOW), "0001-12-31 12:00 UTC BC")
        by_default(log, event(NOW), "0001-01-01 UTC")
        shown = "created_at between '0001-01-01 UTC' and '9999-12-31'"
        assert ids(await walked(db, "since:all")) == by_hand(log, shown)
        said = (await search.ready(db, "since:all")).remarks
        assert said[2:] == ["Rows dated before the year 1 are in the log, which no search shows."]
        assert len((await search.ready(db, "")).remarks) == 2


def test_a_year_has_four_digits(pg18_migrated: str, capsys: pytest.CaptureFixture[str]) -> None:
    """As ISO 8601 has it: strftime would print 1-01-01, which a script cannot read and a search does not take."""
    write(pg18_migrated, PAST)
    by_default(pg18_migrated, event(NOW), "0622-07-16 01:02:03 UTC")
    assert run(["--dsn", pg18_migrated, "audit", "search", "since:all", "--json"]) == 0
    assert "0622-07-16T01:02:03.000000Z" in capsys.readouterr().out
    assert run(["--dsn", pg18_migrated, "audit", "search", "since:0622-07-16T01:02 until:0622-07-17"]) == 0
    assert "0622-07-16 01:02:03" in capsys.readouterr().out


async def test_exports_hold_them_and_say_so(log: str, tmp_path: Path) -> None:
    async with Database(target(log)) as db:
        written = await export(db, Wanted("since:7d action:export", "csv", tmp_path / "log.csv", "the yearly look"))
    manifest = json.loads(written.manifest.read_text())
    assert manifest["rows"] == len(AHEAD) + 2  # that it began is in it: it reaches beyond this moment
    assert manifest["remark"].startswith(SAID.format(FAR))
    assert manifest["window"]["until"] == FAR.isoformat()


async def test_an_export_of_what_is_on_screen_says_the_same(log: str, tmp_path: Path) -> None:
    by_default(log, event(NOW), "12000-01-01 UTC")
    async with Database(target(log)) as db:
        found = await Trail(db).begin("since:all action:export")
        written = await Trail(db).export(found, tmp_path / "log.csv", "csv", "the yearly look", print)
    assert json.loads(written.manifest.read_text())["remark"] == found.remark


def test_the_commands_find_them(log: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    entity = UUID(int=77)
    assert run(["--dsn", log, "audit", "search", f"patient:{entity} since:all", "--limit", "2", "--json"]) == 0
    told = capsys.readouterr()
    page = json.loads(told.out)
    assert [row["created_at"][:10] for row in page["rows"]] == ["9999-12-25", f"{NOW + timedelta(days=40):%Y-%m-%d}"]
    assert SAID.format(FAR) in told.err
    more = ["--cursor", page["next"], "--limit", "100", "--json"]
    assert run(["--dsn", log, "audit", "search", f"patient:{entity} since:all", *more]) == 0
    assert len(json.loads(capsys.readouterr().out)["rows"]) == len(AHEAD) + len(PAST) - 1
    for report in ("access", "disclosures"):
        file = tmp_path / f"{report}.csv"
        arguments = ["--patient", str(entity), "--output", str(file), "--reason", "the yearly look"]
        assert run(["--dsn", log, "audit", "report", report, *arguments]) == 0
        whole = Path(capsys.readouterr().out.strip()).read_text()
        assert all(f"{row['created_at']:%Y-%m-%d}" in whole for row in AHEAD), report
