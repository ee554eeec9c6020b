"""The pulse on real servers: what it says, that it never empties a pane, and what a promotion changes."""

import logging
from datetime import timedelta

import psycopg
import pytest

from console.db.database import Database
from console.db.pipeline import Request
from console.db.pulse import PULSE, Pulse, transaction_rate
from console.db.server import Server
from console.demo.server import Cluster
from tests.db.asking import NUMBER, Number
from tests.db.standby import following
from tests.fixtures.running import private_folder
from tests.migrate.servers import on_both
from tests.panes.connected import connections, waiting
from tests.targets import target


def one() -> Request[Number]:
    return Request(NUMBER, Number, {"number": 7})


async def beat(db: Database) -> Pulse:
    """The pulse that rode behind a question."""
    request = one()
    answers = await db.pipeline(request)
    assert answers.rows(request) == [Number(number=7)]
    (pulse,) = answers.rows(PULSE)
    assert db.pulses.latest == pulse
    return pulse


@on_both
async def test_it_rides_behind_every_question(database: str) -> None:
    async with Database(target(database)) as db:
        first = await beat(db)
        with psycopg.connect(database, autocommit=True) as other:
            before = first.connections
            for _ in range(20):
                other.execute("select 1")
            other.execute("select pg_stat_force_next_flush()")
            second = await beat(db)
            assert second.connections == before + 1
    assert not first.in_recovery
    assert first.connection_limit == 97
    assert first.started == second.started
    assert timedelta(0) < second.as_of - first.as_of
    assert (first.blocked, second.blocked) == (0, 0)
    assert second.transactions >= first.transactions
    assert db.pulses.kept == [first, second]
    assert (transaction_rate(first, second) or 0) >= 0


async def test_it_counts_who_waits_and_how_long_a_transaction_lasts(database: str) -> None:
    names = ("holder", "waiter")
    async with connections(database, *names) as (holder, waiter), Database(target(database)) as db:
        await holder.execute("create table t ()")
        await holder.execute("begin")
        await holder.execute("lock table t in access exclusive mode")
        async with waiting(waiter):
            while (await beat(db)).blocked != 1:
                pass
        pulse = await beat(db)
        assert pulse.longest_transaction is not None
        assert pulse.longest_transaction > 0


async def test_without_rights_the_unknown_is_null_and_the_rest_is_there(database: str) -> None:
    with psycopg.connect(database, autocommit=True) as admin:
        admin.execute("drop role if exists pulse_reader")
        admin.execute("create role pulse_reader login password 'x'")
        try:
            where = target(database, user="pulse_reader", password="x", passfile="/nonexistent")
            async with Database(where) as db:
                pulse = await beat(db)
        finally:
            admin.execute("drop role pulse_reader")
    assert (pulse.blocked, pulse.longest_transaction) == (None, None)
    assert pulse.connections >= 2


async def test_a_refused_pulse_takes_nothing_with_it(database: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "console.sql")
    with psycopg.connect(database, autocommit=True) as admin:
        admin.execute("drop role if exists pulse_denied")
        admin.execute("create role pulse_denied login password 'x'")
        admin.execute("revoke select on pg_stat_database from public")
        try:
            async with Database(target(database, user="pulse_denied", password="x", passfile="/nonexistent")) as db:
                for _ in range(3):
                    request = one()
                    answers = await db.pipeline(request)
                    assert answers.rows(request) == [Number(number=7)]
                    assert answers.optional(PULSE) is None
                assert db.pulses.latest is None
                assert asked(caplog) == 1
                admin.execute("grant select on pg_stat_database to pulse_denied")
                db.forget_refusals()
                await beat(db)
        finally:
            admin.execute("drop owned by pulse_denied")
            admin.execute("drop role pulse_denied")


def asked(caplog: pytest.LogCaptureFixture) -> int:
    """How often the pulse went to the server."""
    return caplog.text.count("console.db/pulse")


async def test_a_promoted_standby_is_noticed_without_reconnecting(pg18: Cluster) -> None:
    heard: list[bool] = []

    def note(server: Server) -> None:
        heard.append(server.in_recovery)

    with private_folder() as folder:
        async with following(pg18, folder) as standby, Database(standby.target()) as db:
            db.on_server = note
            await db.server()
            assert (await beat(db)).in_recovery
            pids = db.pids
            await standby.promote()
            assert not (await beat(db)).in_recovery
            assert heard == [True, False]
            assert db.pids == pids
            assert db.known is not None
            assert not db.known.in_recovery


async def test_the_poll_lane_is_as_patient_as_its_interval(database: str) -> None:
    async with Database(target(database)) as db:
        for interval, limit in ((None, "2s"), (0.5, "500ms"), (10.0, "2s")):
            db.pace(interval)
            await db.pipeline(one())
            poll = await db._session("poll")
            _, rows = await poll.rows("select current_setting('statement_timeout'), current_setting('lock_timeout')")
            assert rows == [(limit, "100ms")]


async def test_a_limit_is_set_once(database: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "console.sql")
    async with Database(target(database)) as db:
        for _ in range(3):
            db.pace(1.0)
            await db.pipeline(one())
    assert caplog.text.count("set_config") == 1
