"""An ALTER on a table that is read and written all the time, with somebody in the way."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import psycopg
import pytest

from console.demo.server import Cluster
from console.errors import Exit
from console.migrate.reports import Result
from tests.migrate.servers import applied, on_both
from tests.migrate.working import Told, ask, go_up, one, reached, states, tables, write

READERS, WRITERS = 20, 5
SECRET = "SSN 123-45-6789"
LONGEST = 200
ALTER = f"-- emr: lock_timeout = {LONGEST}ms\n-- emr: stall_budget = {{budget}}\nalter table first add column more int"


class Traffic:
    """People at work on one table; none of them ever fails."""

    def __init__(self) -> None:
        self.worst = {"read": 0.0, "write": 0.0}
        """Seconds of the slowest statement of each kind."""
        self.answered = {"read": 0, "write": 0}
        """How many statements have been answered."""

    async def serve(self, dsn: str, kind: str, statement: str, begun: asyncio.Barrier) -> None:
        """One of them, until it is cancelled."""
        clock = asyncio.get_running_loop().time
        async with await psycopg.AsyncConnection.connect(dsn, autocommit=True) as connection:
            await connection.execute(statement.encode())
            await begun.wait()
            while True:
                before = clock()
                await connection.execute(statement.encode())
                self.worst[kind] = max(self.worst[kind], clock() - before)
                self.answered[kind] += 1


@asynccontextmanager
async def busy(dsn: str) -> AsyncIterator[Traffic]:
    """Everybody is at work until the end of the block."""
    traffic, begun = Traffic(), asyncio.Barrier(READERS + WRITERS + 1)
    statements = [("read", "select count(*) from first where id < 50")] * READERS
    statements += [("write", "insert into first values (100)")] * WRITERS
    tasks = [asyncio.create_task(traffic.serve(dsn, kind, statement, begun)) for kind, statement in statements]
    try:
        await asyncio.wait_for(begun.wait(), 60)
        yield traffic
    finally:
        for task in tasks:
            task.cancel()
        ended = await asyncio.gather(*tasks, return_exceptions=True)
        assert {type(each) for each in ended} == {asyncio.CancelledError}


@pytest.fixture
def database(cluster: Cluster, tmp_path: Path) -> Iterator[str]:
    """A database with a table, and nothing else yet."""
    write(tmp_path, "001_first", up="create table first (id int);\ninsert into first select generate_series(1, 100)")
    with applied(cluster, tmp_path) as dsn:
        yield dsn


@pytest.fixture
def folder(database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What made it; between two tries there is only a short pause."""
    monkeypatch.setattr("console.migrate.retrying.jittered", lambda pause: pause / 10)
    return tmp_path


@asynccontextmanager
async def in_the_way(dsn: str) -> AsyncIterator[psycopg.AsyncConnection]:
    """Somebody who has read the table in a transaction that he left open."""
    async with await psycopg.AsyncConnection.connect(dsn, application_name="ward 7") as connection:
        await connection.execute(f"select '{SECRET}' from first where id = 1".encode())
        yield connection


@on_both
async def test_who_stays_in_the_way_is_named(database: str, folder: Path, request: pytest.FixtureRequest) -> None:
    write(folder, "002_alter", up=ALTER.format(budget="400ms"))
    told = Told()
    async with in_the_way(database) as reader, busy(database) as traffic:
        result = await go_up(database, folder, told)
        pid = reader.info.backend_pid
    measured(traffic, request.node)
    assert (result.exit, result.done) == (Exit.LOCK_BUDGET, [])
    assert result.failed is not None
    assert f"session {pid} (postgres ward 7" in result.failed.message
    assert not leaked(database, told, result)
    assert await states(database, folder) == {"001": "applied_unverified", "002": "failed_clean"}


async def test_who_leaves_in_time_is_waited_for(database: str, folder: Path, request: pytest.FixtureRequest) -> None:
    write(folder, "002_alter", up=ALTER.format(budget="4s"))
    told = Told()
    async with busy(database) as traffic:
        async with in_the_way(database):
            run = asyncio.create_task(go_up(database, folder, told))
            await reached(run, told, "waiting", "002")
        result = await run
    measured(traffic, request.node)
    assert result.exit in (Exit.OK, Exit.LOCK_BUDGET)  # they may be quicker again and again
    assert not leaked(database, told, result)
    more = one(database, "select count(*) from pg_attribute where attrelid = 'first'::regclass and attname = 'more'")
    assert (more == 1) == (result.done == ["002"])
    assert tables(database) == ["first"]


def measured(traffic: Traffic, test: pytest.Item) -> None:
    """Tell the worst stalls beside the longest lock_timeout (pytest -rP); how fast a machine is proves nothing."""
    figures = {f"worst {kind} in ms": round(seconds * 1000) for kind, seconds in traffic.worst.items()}
    test.user_properties += [*figures.items(), ("lock_timeout in ms", LONGEST)]
    test.add_report_section("call", "stalls", str(test.user_properties))
    assert all(traffic.answered.values())


def leaked(dsn: str, told: Told, result: Result) -> bool:
    """Whether the blocker's literal stands anywhere: on the screen, for scripts, in the ledger."""
    screen = [result.error.sentence() if result.error else "", result.failed, *(event.as_json() for event in told)]
    ledger = [ask(dsn, f"select {table} from emr_console.{table}") for table in ("event", "run", "migration")]
    return "123-45" in str(screen) + str(ledger)
