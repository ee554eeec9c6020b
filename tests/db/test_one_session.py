"""A server that is one session for everybody: one connection, whatever is asked at once."""

import asyncio

import pytest

from console.db.database import Database
from console.db.pipeline import Request
from console.db.session import Session
from console.errors import ReadOnlyServer
from tests.db.asking import NUMBER, Number
from tests.db.test_database import one
from tests.db.test_pulse import beat
from tests.fixtures.timescale import Timescale


async def test_a_session_knows_it(bare_timescale: Timescale) -> None:
    settings = {"lock_timeout": "100"}
    async with await Session.open(bare_timescale.target(), "poll", settings=settings, read_only=True) as session:
        assert session.single_session
        server = await session.server()
        assert server.single_session
        assert server.flavour == "plain"  # TimescaleDB is at hand there, and not yet created
        answers = await session.pipeline(*(requests := [Request(NUMBER, Number, {"number": n}) for n in range(3)]))
        assert [answers.rows(r)[0].number for r in requests] == [0, 1, 2]
        with pytest.raises(ReadOnlyServer):
            await session.execute("create table t ()")
        assert not session.in_transaction


async def test_it_has_a_pulse(bare_timescale: Timescale) -> None:
    async with Database(bare_timescale.target()) as db:
        pulse = await beat(db)
    assert not pulse.in_recovery
    assert pulse.connection_limit > 0


async def test_its_lanes_are_one_connection(bare_timescale: Timescale) -> None:
    async with Database(bare_timescale.target()) as db:
        request = one(1)
        answers, fetched = await asyncio.gather(db.pipeline(request), db.fetch(NUMBER, Number, number=2))
        assert (answers.rows(request), fetched) == ([Number(number=1)], [Number(number=2)])
        assert db.pids == {0}
        async with db.act() as session:
            await session.execute("create table t (id int)")
            await session.execute("drop table t")
        assert (await db.pipeline(request)).rows(request) == [Number(number=1)]


async def test_an_action_waits_for_what_is_asked(bare_timescale: Timescale) -> None:
    async with Database(bare_timescale.target()) as db:
        await db.server()

        async def act() -> None:
            async with db.act() as session:
                await session.execute("select 1")

        asked = [one(number) for number in range(4)]
        answers = asyncio.gather(*map(db.pipeline, asked))
        fetched = asyncio.gather(*(db.fetch(NUMBER, Number, number=n) for n in range(2)))
        await asyncio.gather(act(), act(), db.server())
        assert [answer.rows(request) for answer, request in zip(await answers, asked, strict=True)] == [
            [Number(number=number)] for number in range(4)
        ]
        assert await fetched == [[Number(number=0)], [Number(number=1)]]
