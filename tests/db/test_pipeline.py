"""Several questions in one round trip, and questions that are given up or whose session ends."""

import asyncio

import pytest

from console.db.pipeline import Request
from console.db.session import Session
from console.errors import ConnectionLost, StatementFailed
from tests.db.asking import DIVIDE, NUMBER, SLEEP, Number, Word, until
from tests.migrate.servers import on_both
from tests.targets import target


@on_both
async def test_a_pipeline_answers_around_a_failure(database: str) -> None:
    good = [Request(NUMBER, Number, {"number": n}) for n in range(3)]
    bad = Request(DIVIDE, Number, {"number": 0})
    misfit = Request(NUMBER, Word, {"number": 1})
    async with await Session.open(target(database), "poll", read_only=True) as session:
        answers = await session.pipeline(good[0], bad, good[1], misfit, good[2])
        assert [answers.rows(request) for request in good] == [[Number(number=n)] for n in range(3)]
        with pytest.raises(StatementFailed):
            answers.rows(bad)
        error = answers.error(bad)
        assert error is not None
        assert error.sqlstate == "22012"
        assert "does not fit" in str(answers.error(misfit))
        assert answers.error(good[0]) is None


@pytest.mark.parametrize("times", range(7))
async def test_a_failure_spoils_nothing_that_is_asked_later(database: str, times: int) -> None:
    """The driver prepares at the sixth time, and would take for prepared what the server dropped with the failure."""
    good, bad = Request(NUMBER, Number, {"number": 1}), Request(DIVIDE, Number, {"number": 0})
    async with await Session.open(target(database), "poll", read_only=True) as session:
        for _ in range(times):
            await session.pipeline(good)
        for requests in ((bad, good), (good,), (good, bad), (good,)):
            assert (await session.pipeline(*requests)).rows(good) == [Number(number=1)]


@pytest.mark.parametrize("times", [4, 5])
async def test_nor_does_a_question_that_was_given_up(pg18_database: str, times: int) -> None:
    good = Request(NUMBER, Number, {"number": 1})
    where = target(pg18_database)
    async with await Session.open(where, "poll") as session, await Session.open(where, "watch") as watcher:
        for _ in range(times):
            await session.pipeline(good)
        task = asyncio.create_task(session.pipeline(Request(SLEEP, Number), good))
        await until(watcher, sleeping(session), 1)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        for _ in range(2):
            assert (await session.pipeline(good)).rows(good) == [Number(number=1)]


def sleeping(session: Session) -> str:
    """Counts a session's statement while it runs."""
    return f"select count(*) from pg_stat_activity where pid = {session.pid} and wait_event = 'PgSleep'"


async def test_a_cancelled_task_cancels_on_the_server_and_the_session_lives(database: str) -> None:
    async with (
        await Session.open(target(database), "query") as session,
        await Session.open(target(database), "watch") as watcher,
    ):
        running = f"select count(*) from pg_stat_activity where pid = {session.pid} and state = 'active'"
        task = asyncio.create_task(session.execute("select pg_sleep(60)"))
        await until(watcher, running, 1)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await until(watcher, running, 0)
        assert await session.fetch_one(NUMBER, Number, number=1) == Number(number=1)


async def test_who_asks_while_another_is_being_cancelled_gets_an_answer(database: str) -> None:
    """A pane that is left cancels its question, and the next pane asks in the same moment."""
    async with await Session.open(target(database), "poll", read_only=True) as session:
        for _ in range(50):
            left = asyncio.create_task(session.pipeline(*(Request(NUMBER, Number, {"number": n}) for n in range(3))))
            await asyncio.sleep(0)
            left.cancel()
            answers = await session.pipeline(request := Request(NUMBER, Number, {"number": 7}))
            assert answers.rows(request) == [Number(number=7)]
            await asyncio.wait([left])


async def test_two_pipelines_at_once_both_get_their_answers(database: str) -> None:
    async with await Session.open(target(database), "poll", read_only=True) as session:
        requests = [Request(NUMBER, Number, {"number": n}) for n in range(50)]
        answers = await asyncio.gather(*(session.pipeline(request) for request in requests))
        assert [a.rows(r)[0].number for a, r in zip(answers, requests, strict=True)] == list(range(50))


async def test_a_terminated_session_is_lost(database: str) -> None:
    async with (
        await Session.open(target(database), "act") as victim,
        await Session.open(target(database), "act") as killer,
    ):
        await killer.rows(f"select pg_terminate_backend({victim.pid}, 5000)")
        with pytest.raises(ConnectionLost):
            await victim.execute("select 1")
        with pytest.raises(ConnectionLost):
            await victim.execute("select 1")
        assert victim.closed
