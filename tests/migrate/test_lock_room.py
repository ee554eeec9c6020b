"""Few locks, many weeks: 005 is refused, both ways, with the numbers and the setting, and no row is lost."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from console.demo.server import Cluster
from console.errors import Exit
from console.migrate.files import default_folder
from console.migrate.reports import Result
from tests.fixtures.databases import fresh
from tests.fixtures.running import private_folder, running
from tests.migrate.working import ask, go_down, go_up, one
from tests.services.audit.logging import event, write
from tests.services.maintain.working import brief, forget_weeks, gaps, run, spare
from tests.services.maintain.working import write as waiting

ROOM = {"max_locks_per_transaction": "64", "max_connections": "20", "max_prepared_transactions": "0"}
"""1,280 locks: enough to make 20 weeks (1,060), and to drop 10 (1,020) but not 20 (1,540)."""


@pytest.fixture(scope="module")
def tight(pg18: Cluster) -> Iterator[Cluster]:
    """A server with that room."""
    with private_folder() as folder, running(pg18.bindir, folder, ROOM) as cluster:
        yield cluster


def refused(result: Result) -> bool:
    """Whether there was no room, and a person could read what to do."""
    assert result.error is not None
    assert (result.exit, result.error.sqlstate) == (Exit.OUT_OF_SPACE, "EM003")
    said = result.error.sentence()
    assert "locks at once, and the server has room for 1280" in said
    return "Set max_locks_per_transaction to " in said


async def test_up_asks_for_the_room_that_down_needs(tight: Cluster) -> None:
    with fresh(tight) as dsn:
        await go_up(dsn, default_folder(), to="004")
        write(dsn, [event(datetime.now(UTC) - timedelta(weeks=week)) for week in range(1, 12)])
        assert refused(await go_up(dsn, default_folder()))
        assert one(dsn, "select count(*) from audit_logs") == 11


async def test_weeks_that_came_later_are_told_on_the_way_down(tight: Cluster) -> None:
    with fresh(tight) as dsn:
        await go_up(dsn, default_folder(), to="005")
        write(dsn, [event(datetime.now(UTC))])
        ask(dsn, "select audit_ensure_partitions(now() - interval '10 weeks', now())")
        assert refused(await go_down(dsn, default_folder()))
        assert one(dsn, "select count(*) from audit_logs") == 1


async def test_weeks_ahead_are_made_where_waiting_rows_need_more_locks_than_there_are(tight: Cluster) -> None:
    with fresh(tight) as dsn:
        await go_up(dsn, default_folder(), to="005")
        forget_weeks(dsn)
        waiting(dsn, [-7 * week for week in range(1, 41)])
        results = (await run(dsn))[:2]
        assert brief(results) == [("partitions", "done"), ("partitions", "failed")]
        assert (results[1].exit, results[1].sqlstate) == (Exit.OUT_OF_SPACE, "EM003")
        assert "Set max_locks_per_transaction to " in results[1].message
        assert (gaps(dsn), spare(dsn)) == (0, [40, 0])
