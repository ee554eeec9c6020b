"""Two at once, killed at random, while others write at any date: no row is lost, and no week is missing in the end."""

import asyncio
import random
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from uuid import UUID

import psycopg
import pytest

from console.errors import Exit
from tests.migrate.working import ask, one
from tests.services.maintain.working import INSERT, TABLES, gaps, spare, unguarded

ROWS = 50
"""Rows in one transaction of a writer."""

BORNE = {Exit.OK, Exit.LOCKED, Exit.LOCK_BUDGET, Exit.FAILED}
"""What a run that nobody kills may end with: the other has the lock, a writer had one, a row slipped into DEFAULT."""


RUNNING = """
select count(*) from pg_stat_activity
where datname = current_database() and application_name like 'emr-console:maintain:%'
"""
WEEKS = """
select inhrelid::regclass::text from pg_inherits
where inhparent in ('audit_logs'::regclass, 'audit_log_details'::regclass) and inhrelid::regclass::text !~ '_default$'
"""
DONE = "select count(*), sum((detail ->> 'made')::int) from emr_console.event where detail ->> 'outcome' = 'done'"


class Writers:
    """Write at dates of the last six years and the next one, and remember what was committed."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.committed: dict[str, list[UUID]] = {table: [] for table in TABLES}
        self.weeks = 2
        """How many weeks they write to; more with every round, so that there is always something to move."""
        self._over = False

    @asynccontextmanager
    async def at_work(self, dsn: str) -> AsyncIterator[None]:
        """One for each table."""
        work = [asyncio.create_task(self._write(dsn, table)) for table in TABLES]
        try:
            yield
        finally:
            self._over = True
            await asyncio.gather(*work)

    async def _write(self, dsn: str, table: str) -> None:
        async with await psycopg.AsyncConnection.connect(dsn) as connection:
            while not self._over:
                cursor = await connection.execute(INSERT[table].encode(), ([self._moment() for _ in range(ROWS)],))
                ids = [row[0] for row in await cursor.fetchall()]
                if self.chance.random() < 0.1:
                    await connection.rollback()
                else:
                    await connection.commit()
                    self.committed[table] += ids
                await asyncio.sleep(0.02)  # as fast as a busy ward, not as fast as it goes

    def _moment(self) -> datetime:
        first, reach = self.chance.choice(((-340, 160), (-170, 160), (10, 40)))
        weeks = first + self.chance.randrange(min(self.weeks, reach))
        return datetime.now(UTC) + timedelta(weeks=weeks, seconds=self.chance.randrange(7 * 86_400))


async def started(dsn: str) -> asyncio.subprocess.Process:
    """One run, as cron starts it."""
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "console", "--quiet", "--dsn", dsn, "maintain", "--json", "--accept-stall", "60"),
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )


async def killed(process: asyncio.subprocess.Process, later: float) -> int:
    """Kill it so many seconds from now unless it has ended; how it ended."""
    await asyncio.wait([asyncio.create_task(process.wait())], timeout=later)
    if process.returncode is None:
        process.kill()
    return await process.wait()


async def arrived(dsn: str, process: asyncio.subprocess.Process) -> None:
    """Until a run has reached the server, or has ended."""
    while process.returncode is None and not one(dsn, RUNNING):  # noqa: ASYNC110 - the server sends no event
        await asyncio.sleep(0.02)


async def nobody_left(dsn: str) -> None:
    """Until the server has noticed that the killed ones are gone."""
    while one(dsn, RUNNING):  # noqa: ASYNC110 - the server sends no event
        await asyncio.sleep(0.02)


@pytest.mark.parametrize("rounds", [2, pytest.param(40, marks=pytest.mark.long)])
async def test_killed_again_and_again(migrated: str, rounds: int, request: pytest.FixtureRequest) -> None:
    """Rounds of two runs on each server."""
    seed = random.randrange(2**32)
    request.node.add_report_section("call", "random moments", f"seed {seed}")
    writers = Writers(random.Random(seed))
    ask(migrated, f"drop table {', '.join(name for (name,) in ask(migrated, WEEKS))}")
    ended: list[int] = []
    async with writers.at_work(migrated):
        for _ in range(rounds):
            writers.weeks += 4
            runs = [await started(migrated), await started(migrated)]
            await arrived(migrated, runs[0])
            ended += await asyncio.gather(*(killed(each, writers.chance.uniform(0, 0.6)) for each in runs))
    assert all(code == -signal.SIGKILL or code in BORNE for code in ended), ended
    await nobody_left(migrated)
    said = f"{ended.count(-signal.SIGKILL)} of {len(ended)} killed, {ask(migrated, DONE)} done and made by then"
    request.node.add_report_section("call", "kills", said)
    last = await started(migrated)
    assert await last.wait() == Exit.OK
    for table, ids in writers.committed.items():
        assert ids
        assert sorted(found for (found,) in ask(migrated, f"select id from {table}")) == sorted(ids)
    assert (gaps(migrated), spare(migrated), unguarded(migrated)) == (0, [0, 0], [])
    assert one(migrated, "select sum(event_count) from audit_logs_hourly") == len(writers.committed["audit_logs"])
