"""Locks that others hold: short tries, a budget, the blockers named without their literals."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import psycopg
import pytest

from console.errors import Exit
from console.migrate.beside import Second
from console.migrate.tries import STALL_BUDGET, jittered, tries
from console.migrate.watch import Watch
from tests.migrate.working import Told, go_up, one, reached, states, tables, write
from tests.targets import target


@asynccontextmanager
async def reading(dsn: str) -> AsyncIterator[psycopg.AsyncConnection]:
    """Somebody who has read the table in a transaction that he left open."""
    async with await psycopg.AsyncConnection.connect(dsn, application_name="ward 7") as connection:
        await connection.execute("select 'SSN 123-45-6789' from first where id = 4711")
        yield connection


@pytest.mark.usefixtures("_no_pauses")
async def test_the_budget_ends_it_and_names_who_is_in_the_way(with_first: str, tmp_path: Path) -> None:
    """In full once, then as the one who is still there."""
    header = "-- emr: lock_timeout = 300ms\n-- emr: stall_budget = 1200ms\n"
    write(tmp_path, "002_alter", up=f"{header}create table second (id int);\nalter table first add column more int")
    many = ", ".join(f"id as column_{number}" for number in range(40))
    async with reading(with_first) as reader:
        await reader.execute(f"select 'SSN 123-45-6789', {many}\nfrom first where id = 4711".encode())
        result = await go_up(with_first, tmp_path, told := Told())
        pid = reader.info.backend_pid
    assert (result.exit, result.done) == (Exit.LOCK_BUDGET, [])
    assert result.failed is not None
    assert (result.failed.statement, result.failed.line, result.failed.sqlstate) == (2, 4, "55P03")
    assert "4 tries (1.2 s of waiting at most); in the way" in result.failed.message
    assert f"in the way: session {pid} (postgres ward 7, idle in transaction for" in result.failed.message
    assert "select ?, id as column_0, id as column_1" in result.failed.message
    assert "123-45" not in result.failed.message + str(told)
    assert tables(with_first) == ["first"]
    assert (await states(with_first, tmp_path))["002"] == "failed_clean"
    assert {event.version for event in told.of("waiting")} == {"002"}
    first, second, third = [event.message or "" for event in told.of("waiting")]
    assert first == "No lock within 300 ms (try 1)"  # nobody has looked yet
    assert f"in the way: session {pid} (postgres ward 7, idle in transaction" in second
    assert second.endswith("…")
    assert "\n" not in second
    assert len(second) < 250
    assert third == f"No lock within 300 ms (try 3); in the way: still session {pid}"
    told_in_full = told.of("waiting")[2].as_json()["blockers"][0]["query"]
    assert "column_39\nfrom first where id = ?" in told_in_full


@pytest.mark.usefixtures("_no_pauses")
async def test_a_mistake_of_ours_in_a_look_is_not_kept_silent(
    with_first: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def mistaken(query: str) -> str:
        raise KeyError(query)

    monkeypatch.setattr("console.migrate.watch.mask", mistaken)
    header = "-- emr: lock_timeout = 200ms\n-- emr: stall_budget = 400ms\n"
    write(tmp_path, "002_alter", up=f"{header}alter table first add column more int")
    async with reading(with_first):
        with pytest.raises(KeyError):
            await go_up(with_first, tmp_path)


async def test_without_a_second_try_nobody_has_looked(with_first: str, tmp_path: Path) -> None:
    header = "-- emr: lock_timeout = 100ms\n-- emr: stall_budget = 100ms\n"
    write(tmp_path, "002_alter", up=f"{header}alter table first add column more int")
    async with reading(with_first):
        result = await go_up(with_first, tmp_path)
    assert result.failed is not None
    assert result.failed.message == "The locks it needs could not be taken in 1 try (0.1 s of waiting at most)."


async def test_who_stops_it_while_a_look_ends_has_stopped_it(pg18_database: str) -> None:
    async def run() -> None:
        async with Second(target(pg18_database)) as second, Watch(second, pid=1).looking(60):
            await asyncio.sleep(0)  # the look begins
            asyncio.get_running_loop().call_soon(task.cancel)

    task = asyncio.create_task(run())
    with pytest.raises(asyncio.CancelledError):
        await task


@pytest.mark.usefixtures("_no_pauses")
async def test_a_lock_that_comes_free_in_time(with_first: str, tmp_path: Path) -> None:
    header = "-- emr: lock_timeout = 200ms\n-- emr: stall_budget = 1min\n"
    write(tmp_path, "002_alter", up=f"{header}create table second (id int);\nalter table first add column more int")
    async with reading(with_first) as reader:
        run = asyncio.create_task(go_up(with_first, tmp_path, told := Told()))
        await reached(run, told, "waiting", "002")
        await reader.rollback()
        result = await run
    assert result.done == ["002"]
    assert [event.statement for event in told.of("statement")] == [1, 2, 1, 2]


@pytest.mark.parametrize("transaction", ["on", "off"])
async def test_stopped_between_two_tries(with_first: str, tmp_path: Path, transaction: str) -> None:
    header = f"-- emr: transaction = {transaction}\n-- emr: lock_timeout = 100ms\n-- emr: stall_budget = 1min\n"
    waived = '-- emr: waive = EM01 "two in one file"\n'
    up = f"{header}{waived}create table second (id int);\nalter table first add column more int"
    write(tmp_path, "002_alter", up=up)
    async with reading(with_first):
        run = asyncio.create_task(go_up(with_first, tmp_path, told := Told()))
        await reached(run, told, "waiting", "002")
        run.cancel()
        with pytest.raises(asyncio.CancelledError):
            await run
    (said,) = told.of("interrupted")
    ended = "select outcome from emr_console.run order by started_at desc limit 1"
    assert one(with_first, ended) == "interrupted"
    if transaction == "on":
        assert said.message == "002_alter was rolled back; nothing of it was changed."
        assert (tables(with_first), (await states(with_first, tmp_path))["002"]) == (["first"], "pending")
    else:
        assert "1 of its statements is done and stays: no statement was at work" in str(said.message)
        assert (tables(with_first), (await states(with_first, tmp_path))["002"]) == (
            ["first", "second"],
            "failed_partial",
        )
    assert (await go_up(with_first, tmp_path)).done == ["002"]


async def test_a_statement_that_takes_too_long_is_not_tried_again(with_first: str, tmp_path: Path) -> None:
    write(tmp_path, "002_slow", up="-- emr: statement_timeout = 50ms\nselect pg_sleep(60)")
    result = await go_up(with_first, tmp_path, told := Told())
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
