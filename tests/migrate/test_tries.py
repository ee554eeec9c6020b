"""Locks that others hold: short tries, a budget, the blockers named without their literals."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import psycopg
import pytest

from console.demo.server import Cluster
from console.errors import Exit
from console.migrate.tries import STALL_BUDGET, jittered, tries
from console.migrate.watch import Watch
from tests.migrate.servers import applied, on_both
from tests.migrate.working import Told, go_up, one, reached, states, tables, write, write_tables
from tests.targets import target


@asynccontextmanager
async def reading(dsn: str) -> AsyncIterator[psycopg.AsyncConnection]:
    """Somebody who has read the table in a transaction that he left open."""
    async with await psycopg.AsyncConnection.connect(dsn, application_name="ward 7") as connection:
        await connection.execute("select 'SSN 123-45-6789' from first where id = 4711")
        yield connection


@pytest.fixture
def database(cluster: Cluster, tmp_path: Path) -> Iterator[str]:
    """A database with one table."""
    write_tables(tmp_path, "first")
    with applied(cluster, tmp_path) as dsn:
        yield dsn


@pytest.fixture
def folder(database: str, tmp_path: Path) -> Path:
    """What made it, and a migration that needs it for itself."""
    header = "-- emr: lock_timeout = 500ms\n-- emr: stall_budget = 1s\n"
    write(tmp_path, "002_alter", up=f"{header}create table second (id int);\nalter table first add column more int")
    return tmp_path


@on_both
async def test_the_budget_ends_it_and_names_who_is_in_the_way(
    database: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("console.migrate.retrying.jittered", lambda pause: 0.0)
    told = Told()
    async with reading(database) as reader:
        result = await go_up(database, folder, told)
        pid = reader.info.backend_pid
    assert (result.exit, result.done) == (Exit.LOCK_BUDGET, [])
    assert result.failed is not None
    assert (result.failed.statement, result.failed.line, result.failed.sqlstate) == (2, 4, "55P03")
    assert "2 tries and at most 1 s of waiting" in result.failed.message
    assert f"session {pid} (postgres ward 7, idle in transaction for" in result.failed.message
    assert "select ? from first where id = ?" in result.failed.message
    assert "123-45" not in result.failed.message + str(told)
    assert tables(database) == ["first"]
    assert (await states(database, folder))["002"] == "failed_clean"
    assert [(event.version, event.message) for event in told.of("waiting")] == [
        ("002", "No lock within 500 ms (try 1)")  # nobody has looked yet
    ]


async def test_a_blocker_is_named_in_full_once(database: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("console.migrate.retrying.jittered", lambda pause: 0.0)
    header = "-- emr: lock_timeout = 400ms\n-- emr: stall_budget = 1600ms\n"
    write(folder, "002_alter", up=f"{header}alter table first add column more int")
    many = ", ".join(f"id as column_{number}" for number in range(40))
    async with reading(database) as reader:
        await reader.execute(f"select {many}\nfrom first".encode())
        result = await go_up(database, folder, told := Told())
        pid = reader.info.backend_pid
    first, second, third = [event.message or "" for event in told.of("waiting")]
    assert first == "No lock within 400 ms (try 1)"
    assert f"in the way: session {pid} (postgres ward 7, idle in transaction" in second
    assert second.endswith("…")
    assert "\n" not in second
    assert len(second) < 250
    assert third == f"No lock within 400 ms (try 3); in the way: still session {pid}"
    assert result.failed is not None
    assert f"in the way: session {pid} (postgres ward 7" in result.failed.message
    told_in_full = told.of("waiting")[2].as_json()["blockers"][0]["query"]
    assert "column_39" in told_in_full


async def test_without_a_second_try_nobody_has_looked(database: str, folder: Path) -> None:
    header = "-- emr: lock_timeout = 100ms\n-- emr: stall_budget = 100ms\n"
    write(folder, "002_alter", up=f"{header}alter table first add column more int")
    async with reading(database):
        result = await go_up(database, folder)
    assert result.failed is not None
    assert result.failed.message == "Its locks were not to be had in 1 try and at most 0.1 s of waiting."


async def test_who_stops_it_while_a_look_ends_has_stopped_it(pg18_database: str) -> None:
    async def run() -> None:
        async with Watch(target(pg18_database), pid=1) as watch, watch.looking(60):
            await asyncio.sleep(0)  # the look begins
            asyncio.get_running_loop().call_soon(task.cancel)

    task = asyncio.create_task(run())
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_a_lock_that_comes_free_in_time(database: str, folder: Path) -> None:
    async with reading(database) as reader:
        run = asyncio.create_task(go_up(database, folder, told := Told()))
        await told.until("waiting", "002")
        await reader.rollback()
        result = await run
    assert result.done == ["002"]
    assert [event.statement for event in told.of("statement")] == [1, 2, 1, 2]


@pytest.mark.parametrize("transaction", ["on", "off"])
async def test_stopped_between_two_tries(database: str, folder: Path, transaction: str) -> None:
    header = f"-- emr: transaction = {transaction}\n-- emr: lock_timeout = 100ms\n-- emr: stall_budget = 1min\n"
    waived = '-- emr: waive = EM01 "two in one file"\n'
    up = f"{header}{waived}create table second (id int);\nalter table first add column more int"
    write(folder, "002_alter", up=up)
    async with reading(database):
        run = asyncio.create_task(go_up(database, folder, told := Told()))
        await reached(run, told, "waiting", "002")
        run.cancel()
        with pytest.raises(asyncio.CancelledError):
            await run
    (said,) = told.of("interrupted")
    ended = "select outcome from emr_console.run order by started_at desc limit 1"
    assert one(database, ended) == "interrupted"
    if transaction == "on":
        assert said.message == "002_alter was rolled back; nothing of it was changed."
        assert (tables(database), (await states(database, folder))["002"]) == (["first"], "pending")
    else:
        assert "1 of its statements are done and stay: no statement was at work" in str(said.message)
        assert (tables(database), (await states(database, folder))["002"]) == (["first", "second"], "failed_partial")
    assert (await go_up(database, folder)).done == ["002"]


async def test_a_statement_that_takes_too_long_is_not_tried_again(database: str, tmp_path: Path) -> None:
    write(tmp_path, "002_slow", up="-- emr: statement_timeout = 50ms\nselect pg_sleep(60)")
    result = await go_up(database, tmp_path, told := Told())
    assert result.exit == Exit.TIMED_OUT
    assert len(told.of("statement")) == 1


def test_the_usual_schedule_waits_less_than_its_budget() -> None:
    waits = [each.lock_timeout for each in tries()]
    assert waits == [100] * 4 + [200] * 4 + [400] * 6 + [800] * 6 + [1500] * 4
    assert sum(waits) <= STALL_BUDGET


def test_one_try_is_always_made() -> None:
    assert [each.lock_timeout for each in tries(lock_timeout=60_000)] == [STALL_BUDGET]
    assert [each.lock_timeout for each in tries(budget=10)] == [10]


def test_pauses_differ() -> None:
    assert len({jittered(1.0) for _ in range(20)}) > 1
    assert all(0.5 <= jittered(1.0) <= 1.5 for _ in range(100))
