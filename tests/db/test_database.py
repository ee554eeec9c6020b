"""The three lanes on real servers."""

import asyncio
from contextlib import suppress

import pytest

from console.db import pipeline
from console.db.database import Database
from console.db.known import Known
from console.db.pipeline import Request
from console.db.target import Target
from console.demo.process import until
from console.errors import ConnectionFailed, ConnectionLost, ConsoleError, Exit, ReadOnlyServer, TimedOut
from tests.db.asking import NUMBER, SERIES, Number
from tests.fixtures.running import private_folder
from tests.migrate.cutting import Cut, cutting
from tests.migrate.working import ask
from tests.targets import target

OURS = (
    "select split_part(application_name, ':', 2) from pg_stat_activity"
    " where datname = current_database() and application_name like 'emr-console:%' order by 1"
)


def one(number: int) -> Request[Number]:
    return Request(NUMBER, Number, {"number": number})


async def connected(dsn: str, *lanes: str) -> None:
    """Wait until just these lanes are connected, as the server sees it: a process that was left takes a moment."""
    await until(lambda: [lane for (lane,) in ask(dsn, OURS)] == sorted(lanes), 10)


async def test_lanes_open_when_they_are_needed(database: str) -> None:
    async with Database(target(database)) as db:
        assert db.pids == frozenset()
        request = one(1)
        assert (await db.pipeline(request)).rows(request) == [Number(number=1)]
        assert len(db.pids) == 1
        await asyncio.gather(*(db.fetch(NUMBER, Number, number=n) for n in range(10)))
        async with db.act():
            await connected(database, "act", "poll")
        assert len(db.pids) == 1
    assert db.pids == frozenset()


async def test_who_is_idle_makes_way_so_that_there_are_three(database: str) -> None:
    async with Database(target(database)) as db:
        await db.pipeline(one(1))
        await db.fetch(NUMBER, Number, number=1)
        await db.record(NUMBER, number=1)
        await connected(database, "act", "poll", "query")
        async with db.apart() as export:
            await connected(database, "export", "poll", "query")
            await db.record(NUMBER, number=1)
            await connected(database, "act", "export", "poll")
            async with db.thrown_away():
                await connected(database, "export", "plan", "poll")
                await db.fetch(NUMBER, Number, number=1)
                await connected(database, "export", "plan", "query")
                await db.pipeline(one(1))
                await connected(database, "export", "plan", "poll")
            assert await export.fetch_one(NUMBER, Number, number=1) == Number(number=1)


async def test_nobody_who_is_at_work_makes_way_and_nobody_waits_for_it(database: str) -> None:
    async with Database(target(database)) as db:
        await db.pipeline(one(1))
        async with db.apart(), db.act(), db.thrown_away(), db.asking() as question:
            assert await question.fetch_one(NUMBER, Number, number=1) == Number(number=1)
            await connected(database, "act", "export", "plan", "query")
            await db.pipeline(one(1))
            await db.make_room()
            await connected(database, "act", "export", "plan", "poll", "query")
        await db.make_room()
        await connected(database, "poll")


async def test_a_long_answer_lets_others_run_and_makes_only_new_rows(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[int] = []

    class Counted(Number, frozen=True):
        def model_post_init(self, context: object) -> None:
            made.append(self.number)

    def asked(count: int) -> Request[Counted]:
        return Request(SERIES, Counted, {"count": count}, known)

    async def watch() -> None:
        while True:
            seen.add(len(made))
            await asyncio.sleep(0)

    monkeypatch.setattr(pipeline, "PORTION", 10)
    known, seen = Known[Counted](), set[int]()
    watching = asyncio.create_task(watch())
    async with Database(target(database)) as db:
        first, second = asked(25), asked(27)
        rows = (await db.pipeline(first)).rows(first)
        again = (await db.pipeline(second)).rows(second)
    watching.cancel()
    assert {10, 20} <= seen
    assert made == list(range(1, 28))
    assert all(one is other for one, other in zip(rows, again, strict=False))


async def test_reading_lanes_refuse_writes_and_act_does_not(database: str) -> None:
    async with Database(target(database)) as db:
        async with db.act() as session:
            await session.execute("create table public.t (id int)")
        poll = await db._session("poll")
        query = await db._session("query")
        for lane in (poll, query):
            with pytest.raises(ReadOnlyServer):
                await lane.execute("insert into public.t values (1)")


async def test_the_poll_lane_gives_up(database: str) -> None:
    async with Database(target(database)) as db:
        db.pace(0.1)
        await db.pipeline(one(1))
        lane = await db._session("poll")
        with pytest.raises(TimedOut):
            await lane.execute("select pg_sleep(60)")


async def test_a_lane_that_was_ended_while_nobody_asked_is_opened_again(database: str) -> None:
    first = one(1)
    async with Database(target(database)) as db:
        for question in (db.pipeline, db.ask):
            await question(first)
        ended = db.pids
        async with db.act() as session:
            for pid in ended:
                await session.rows(f"select pg_terminate_backend({pid}, 5000)")
        for question in (db.pipeline, db.ask):
            assert (await question(first)).rows(first) == [Number(number=1)]
        assert not ended & db.pids


@pytest.mark.parametrize("cut", ["before", "amid", "after"])
async def test_a_line_that_breaks_in_a_pipeline_loses_it_whole(pg18_database: str, cut: Cut) -> None:
    with private_folder() as folder:
        async with (
            cutting(pg18_database, folder, cut, b" as number") as (proxy, through),
            Database(target(through)) as db,
        ):
            first = one(1)
            await db.pipeline(first)
            taken = db.pulses.latest
            proxy.armed = True
            with pytest.raises(ConnectionLost, match="broke") as lost:
                await db.pipeline(first, one(2), one(3))
            assert lost.value.exit is Exit.CONNECTION_LOST
            assert db.pulses.latest is taken
            assert (await db.pipeline(first)).rows(first) == [Number(number=1)]


async def test_no_server_is_an_error_of_every_lane() -> None:
    async with Database(Target({"host": "/nonexistent", "dbname": "x", "user": "y"}, "a test")) as db:
        with pytest.raises(ConnectionFailed):
            await db.server()
        with pytest.raises(ConnectionFailed):
            await db.fetch(NUMBER, Number, number=1)


@pytest.mark.parametrize("left", ["begin; select 1 / 0", "begin"])
async def test_what_somebody_left_open_fails_nobody_after_him(database: str, left: str) -> None:
    async with Database(target(database)) as db:
        async with db.asking() as session:
            pass
        with suppress(ConsoleError):
            await session.execute(left)
        assert not session.settled
        async with db.asking() as other:
            assert await other.fetch(NUMBER, Number, number=1) == [Number(number=1)]
        assert session.closed
        await connected(database, "query")
