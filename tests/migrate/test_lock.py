"""One engine at a time: races, kills, a session that is ended, a file that gives the lock up, a pooler."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from multiprocessing.connection import wait
from pathlib import Path

import psycopg
import pytest

from console.db.operator import Operator, current
from console.errors import ConsoleError, Exit
from console.migrate import lock
from console.migrate.models import OpenRun
from console.migrate.reports import Status
from tests.fixtures.pooler import Pooler
from tests.migrate.operating import operating
from tests.migrate.servers import on_both
from tests.migrate.working import (
    Told,
    ask,
    go_down,
    go_up,
    one,
    reached,
    read_status,
    row,
    states,
    tables,
    write,
    write_tables,
)

LATCH = 4711
"""The advisory lock that a migration of these tests waits for, held by the test."""

WAITS = f"""-- emr: lock_timeout = 5min
-- emr: stall_budget = 5min
create table waiting (id int);
select pg_advisory_xact_lock({LATCH});
select 1
"""


WAITING = f"""select count(*) from pg_locks where locktype = 'advisory' and objid = {LATCH} and not granted
    and database = (select oid from pg_database where datname = current_database())"""


@asynccontextmanager
async def latched(dsn: str) -> AsyncIterator[psycopg.AsyncConnection]:
    """Make the migration wait until the end of the block."""
    async with await psycopg.AsyncConnection.connect(dsn, autocommit=True) as connection:
        await connection.execute("select pg_advisory_lock(%s)", (LATCH,))
        yield connection


async def until_blocked(dsn: str, folder: Path) -> Status:
    """The status as soon as whoever runs the engine waits for somebody."""
    async with await psycopg.AsyncConnection.connect(dsn, autocommit=True) as watcher:
        while (await (await watcher.execute(WAITING)).fetchone()) == (0,):  # noqa: ASYNC110 - the server sends no event
            await asyncio.sleep(0.02)
    return await read_status(dsn, folder)


async def test_of_twenty_one_runs(pg18_database: str, tmp_path: Path) -> None:
    """The first start ever: the ledger does not exist yet, and nobody stumbles over another's making it."""
    write(tmp_path, "001_first", up=WAITS, down="drop table waiting")
    with ExitStack() as others:
        async with latched(pg18_database):
            processes = [others.enter_context(operating(pg18_database, tmp_path)).process for _ in range(20)]
            at_work = {process.sentinel for process in processes}
            while len(at_work) > 1:
                at_work -= {*wait(at_work)}
        wait(at_work)
    assert Counter(process.exitcode for process in processes) == {Exit.OK: 1, Exit.LOCKED: 19}
    assert await states(pg18_database, tmp_path) == {"001": "applied_unverified"}
    assert one(pg18_database, "select count(*) from emr_console.run") == 1


async def test_a_second_operator_sees_who_and_where(database: str, tmp_path: Path) -> None:
    write(tmp_path, "001_first", up=WAITS)
    async with latched(database) as latch:
        run = asyncio.create_task(go_up(database, tmp_path, told := Told()))
        await reached(run, told, "statement", "001", 2)
        status = await until_blocked(database, tmp_path)
        latch_pid = latch.info.backend_pid
        with pytest.raises(ConsoleError) as caught:
            await go_up(database, tmp_path)
    assert caught.value.exit == Exit.LOCKED
    assert f"{current()} (session" in caught.value.message
    assert "at statement 2 of 3 of 001" in caught.value.message
    assert status.exit == Exit.LOCKED
    assert status.lock is not None
    assert (status.lock.version, status.lock.statement, status.lock.statements) == ("001", 2, 3)
    assert (status.lock.operator, status.lock.host) == (current().user, current().host)
    assert status.lock.blocked_by == [latch_pid]
    assert [each.state for each in status.rows] == ["applying"]
    assert (await run).done == ["001"]


async def test_waiting_for_the_other_to_end(pg18_database: str, tmp_path: Path) -> None:
    write(tmp_path, "001_first", up=WAITS)
    async with latched(pg18_database):
        first = asyncio.create_task(go_up(pg18_database, tmp_path, told := Told()))
        await reached(first, told, "statement", "001")
        second = asyncio.create_task(go_up(pg18_database, tmp_path, lock_wait=60.0))
    assert ((await first).done, (await second).done) == (["001"], [])


async def test_who_rolls_back_meanwhile_is_refused(with_first: str, tmp_path: Path) -> None:
    write(tmp_path, "002_second", up=WAITS)
    async with latched(with_first):
        run = asyncio.create_task(go_up(with_first, tmp_path, told := Told()))
        await reached(run, told, "statement", "002", 2)
        with pytest.raises(ConsoleError, match="at statement 2 of 3 of 002") as caught:
            await go_down(with_first, tmp_path, all=True)
    assert caught.value.exit == Exit.LOCKED
    assert (await run).done == ["002"]
    assert tables(with_first) == ["first", "waiting"]


@on_both
async def test_whose_session_is_ended_writes_nothing_more(database: str, tmp_path: Path) -> None:
    """The next one takes over at once; the first only looks what became of its file."""
    write_tables(tmp_path, "first")
    write(tmp_path, "002_second", up=WAITS, down="drop table waiting")
    async with latched(database):
        run = asyncio.create_task(go_up(database, tmp_path, told := Told()))
        await reached(run, told, "statement", "002", 2)
        holder = (await until_blocked(database, tmp_path)).lock
        assert holder is not None
        assert one(database, "select pg_terminate_backend(%s, 60000)", holder.pid)
        write(tmp_path, "002_second", up="create table waiting (id int)", down="drop table waiting")
        assert (await go_up(database, tmp_path)).done == ["002"]
        result = await run
    assert (result.exit, result.done) == (Exit.CONNECTION_LOST, ["001"])
    assert result.failed is not None
    assert "002_second was rolled back; nothing of it was changed" in result.failed.message
    kinds = ask(database, "select kind, version from emr_console.event order by id")
    assert kinds == [("applied", "001"), ("run_died", None), ("applied", "002")]
    assert ask(database, "select outcome from emr_console.run order by started_at") == [("died",), ("done",)]


async def test_killed_in_the_middle_of_a_file(database: str, tmp_path: Path) -> None:
    write_tables(tmp_path, "first")
    write(tmp_path, "002_second", up=WAITS, down="drop table waiting")
    async with latched(database):
        with operating(database, tmp_path) as operator:
            await until_blocked(database, tmp_path)
            operator.kill()
        told = Told()
        write(tmp_path, "002_second", up="create table waiting (id int)", down="drop table waiting")
        result = await go_up(database, tmp_path, told, lock_wait=60.0)
    assert result.done == ["002"]
    assert "had died; what it had not committed was rolled back" in str(told.of("note")[0].message)
    outcomes = "select outcome from emr_console.run order by started_at"
    assert ask(database, outcomes) == [("died",), ("done",)]
    assert ask(database, "select kind from emr_console.event where kind = 'run_died'") == [("run_died",)]


@pytest.mark.long  # as a kill in the first transaction of test_kills
async def test_after_a_kill_the_state_is_clean(pg18_database: str, tmp_path: Path) -> None:
    write(tmp_path, "001_first", up=WAITS)
    async with latched(pg18_database):
        with operating(pg18_database, tmp_path) as operator:
            await until_blocked(pg18_database, tmp_path)
            operator.kill()
    write(tmp_path, "002_second", up="select 1")
    assert (await go_up(pg18_database, tmp_path, to="001", lock_wait=60.0)).done == ["001"]
    assert await states(pg18_database, tmp_path) == {"001": "applied_unverified", "002": "pending"}


async def test_interrupted_by_the_person(pg18_database: str, tmp_path: Path) -> None:
    write(tmp_path, "001_first", up=WAITS)
    async with latched(pg18_database):
        run = asyncio.create_task(go_up(pg18_database, tmp_path))
        await until_blocked(pg18_database, tmp_path)
        run.cancel()
        with pytest.raises(asyncio.CancelledError):
            await run
    assert tables(pg18_database) == []
    assert one(pg18_database, "select outcome from emr_console.run") == "interrupted"
    assert (await read_status(pg18_database, tmp_path)).lock is None


async def test_a_file_that_gives_the_lock_up(database: str, tmp_path: Path) -> None:
    write_tables(tmp_path, "first")
    waived = '-- emr: waive = EM19 "so that the lock is gone"\n'
    write(tmp_path, "002_second", up=f"{waived}create table second (id int); select pg_advisory_unlock_all()")
    write(tmp_path, "003_third", up="select 1")
    result = await go_up(database, tmp_path)
    assert (result.done, result.not_started, result.exit) == (["001"], ["003"], Exit.FAILED)
    assert result.error is not None
    assert "lock is not held by this session any more" in result.error.message
    assert tables(database) == ["first"]
    assert (await row(database, tmp_path, "002")).state == "pending"


async def test_a_pooler_is_refused_before_anything(pgbouncer: Pooler, pg15_database: str, tmp_path: Path) -> None:
    name = one(pg15_database, "select current_database()")
    write_tables(tmp_path, "first")
    with pytest.raises(ConsoleError, match="is a connection pooler") as caught:
        await go_up(pgbouncer.dsn(name), tmp_path)
    assert caught.value.exit == Exit.USAGE
    assert one(pg15_database, "select count(*) from pg_namespace where nspname = 'emr_console'") == 0


def test_the_published_name_fits() -> None:
    name = lock.progress(Operator("a" * 40, "b" * 40), "20260101120000", 1234, 5678)
    assert len(name.encode()) == 63
    assert name.startswith("emr-console:migrate 20260101120000 1234/5678 aaa")


@pytest.mark.parametrize(
    ("pid", "host", "died"),
    [(1, "here", False), (2**22 + 1, "here", True), (2**22 + 1, "elsewhere", False)],
)
def test_a_client_that_died_on_this_machine(pid: int, host: str, died: bool) -> None:
    run = OpenRun.model_construct(client_pid=pid, host=host)
    assert lock.client_died(run, Operator("ana", "here")) is died


def test_nobody_knows_of_a_client_without_a_run() -> None:
    assert not lock.client_died(None, Operator("ana", "here"))
