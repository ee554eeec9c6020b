"""A session that looks for its answers by itself: short statements, long ones, others on the loop, a cancel."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from console.db.session import Session
from console.errors import ConnectionLost, StatementFailed, TimedOut
from tests.targets import target


@pytest.fixture
async def prompt(pg18_database: str) -> AsyncIterator[Session]:
    async with await Session.open(target(pg18_database), "migrate") as session:
        session.be_prompt()
        yield session


async def test_its_answers_and_errors_are_the_same(prompt: Session) -> None:
    await prompt.execute("create table t (id int primary key)")
    assert await prompt.execute("insert into t select generate_series(1, 3)") == 3
    assert await prompt.rows("select count(*) as rows from t") == (["rows"], [(3,)])
    with pytest.raises(StatementFailed) as twice:
        await prompt.execute("insert into t values (1)")
    assert twice.value.sqlstate == "23505"
    await prompt.execute("set statement_timeout = 20")
    with pytest.raises(TimedOut):
        await prompt.execute("select pg_sleep(30)")


async def test_others_go_on_while_it_asks_without_a_pause(prompt: Session) -> None:
    """Every answer is there within the moment, so nothing but the driver lets the loop go on."""
    turns = 0

    async def others() -> None:
        nonlocal turns
        while True:
            await asyncio.sleep(0)
            turns += 1

    other = asyncio.create_task(others())
    while turns < 3:
        await prompt.execute("select")
    other.cancel()


async def test_one_that_waits_for_another_of_the_same_loop_gets_its_lock(pg18_database: str, prompt: Session) -> None:
    async with await Session.open(target(pg18_database), "holder") as holder:
        await holder.execute("select pg_advisory_lock(7)")
        waiting = asyncio.create_task(prompt.execute("select pg_advisory_lock(7)"))
        blocked = f"select cardinality(pg_blocking_pids({prompt.pid}))"
        while (await holder.rows(blocked))[1] != [(1,)]:
            pass
        await holder.execute("select pg_advisory_unlock(7)")
        await waiting


async def test_a_cancelled_task_cancels_and_the_session_lives(pg18_database: str, prompt: Session) -> None:
    async with await Session.open(target(pg18_database), "watch") as watcher:
        active = f"select count(*) from pg_stat_activity where pid = {prompt.pid} and state = 'active'"
        task = asyncio.create_task(prompt.execute("select pg_sleep(60)"))
        while (await watcher.rows(active))[1] != [(1,)]:
            pass
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert (await watcher.rows(active))[1] == [(0,)]
        assert await prompt.rows("select 7 as number") == (["number"], [(7,)])


async def test_a_line_that_is_cut_is_told(pg18_database: str, prompt: Session) -> None:
    async with await Session.open(target(pg18_database), "killer") as killer:
        await killer.execute(f"select pg_terminate_backend({prompt.pid}, 10000)")
    with pytest.raises(ConnectionLost):
        await prompt.execute("select")
