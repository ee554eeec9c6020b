"""What is told of sessions together, and of one by a closer look: against real sessions, locks and plans."""

import re
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from console.config.settings import Pool
from console.db.database import Database
from console.db.target import Target
from console.demo.server import Cluster
from console.errors import Unsupported
from console.panes.locks import service as locks
from console.panes.sessions import service
from console.panes.sessions.applications import Application, applications
from console.panes.sessions.facts import facts
from console.panes.sessions.looking import look, plan_of
from console.panes.sessions.models import waits
from console.panes.statements import service as statements
from console.services.locking.words import locks_text
from tests.fixtures.running import private_folder, running
from tests.migrate.servers import on_both
from tests.panes.connected import backend, connections, seen, until_waiting, waiting
from tests.targets import target


def test_parallel_workers_stand_below_whom_they_work_for() -> None:
    rows = [
        backend(1, state="active", query_age=9.0), backend(7, leader_pid=2, state="active", query_age=99.0),
        backend(2, state="active", query_age=5.0), backend(8, leader_pid=2, state="active", query_age=5.0),
        backend(9, leader_pid=55, state="active", query_age=1.0),
    ]  # fmt: skip
    assert [s.backend.pid for s in service.arrange(rows)] == [1, 2, 7, 8, 9]


def test_what_is_waited_for() -> None:
    rows = [
        backend(1, state="active", wait_event_type="IO"), backend(2, state="idle", wait_event_type="Client"),
        backend(3, state="active", wait_event_type="Lock", blocked_by=[1]), backend(4, state="active"),
    ]  # fmt: skip
    assert waits(service.arrange(rows)) == {"IO": 1, "Lock": 1}


async def test_applications_their_leaks_and_their_pool(database: str) -> None:
    async with (
        connections(database, "gateway", "gateway", "sync") as (_, second, sync),
        Database(target(database)) as db,
    ):
        await second.execute("begin")
        await sync.execute("begin")
        with pytest.raises(psycopg.Error):
            await sync.execute("select 1/0")
        found = await service.snapshot(db)
        name = db.target.dbname
    summed = {each.application: each for each in applications(found.sessions, name)}
    assert summed.keys() == {"gateway", "sync"}
    assert (summed["gateway"].connections, summed["gateway"].idle, summed["gateway"].in_transaction) == (2, 1, 1)
    assert (summed["sync"].in_transaction, summed["sync"].leaked) == (1, 0)
    later = [backend(1, backend_type="client backend", database="emr", application="sync",
                     state="idle in transaction (aborted)", state_age=61.0)]  # fmt: skip
    assert applications(service.arrange(later), "emr") == [Application("sync", 1, 0, 0, 1, 1, 61.0)]


async def test_the_pool_is_the_profiles_or_the_environments(home: Path, database: str) -> None:
    (home / "config" / "emr-console").mkdir(parents=True)
    (home / "config" / "emr-console" / "config.toml").write_text(
        '[profiles.night]\nhost = "db3"\npool = {min = 1, max = 3}\n'
    )
    own = Target({}, "a test", "night")
    assert [service.expected_pool(Database(where)) for where in (own, Target({}, "a test", None, "staging"))] == [
        Pool(min=1, max=3), Pool(min=5, max=20),
    ]  # fmt: skip
    assert service.expected_pool(Database(Target({}, "a test"))) is None


@pytest.fixture(scope="module")
def roomy(pg15: Cluster) -> Iterator[Cluster]:
    """A server on which transactions can be prepared, and which keeps a megabyte of a statement."""
    settings = {"max_prepared_transactions": "4", "track_activity_query_size": "1048576"}
    with private_folder() as folder, running(pg15.bindir, folder, settings) as cluster:
        yield cluster


async def test_a_prepared_transaction_that_blocks_and_holds_vacuum_back(roomy: Cluster) -> None:
    dsn = roomy.dsn("postgres")
    names = ("preparer", "waiter")
    async with connections(dsn, *names) as (preparer, waiter), Database(target(dsn)) as db:
        await preparer.execute("create table t (id int)")
        await preparer.execute("begin")
        await preparer.execute("lock table t in access exclusive mode")
        await preparer.execute("insert into t values (1)")
        await preparer.execute("prepare transaction 'tm-4711/MRN-4711'")
        try:
            async with waiting(waiter):
                found = await until_waiting(db, dsn, {"waiter"})
                shown = await service.snapshot(db)
        finally:
            await preparer.execute("rollback prepared 'tm-4711/MRN-4711'")
    assert found["waiter"].backend.blocked_by == [0]
    (keeper,) = shown.keepers
    assert (keeper.kind, keeper.owner, keeper.database) == ("prepared transaction", "postgres", "postgres")
    assert re.fullmatch(r"xid \d+", keeper.name)
    assert keeper.horizon is not None
    assert dict(facts(found["waiter"], shown))["waits for"].startswith(
        f"a prepared transaction ({keeper.name} of postgres,"
    )


@on_both
async def test_a_closer_look_tells_locks_and_their_kind(database: str) -> None:
    names = ("holder", "waiter")
    async with connections(database, *names) as (holder, waiter), Database(target(database)) as db:
        await holder.execute("create table t ()")
        await holder.execute("begin")
        await holder.execute("lock table t in share row exclusive mode")
        await holder.execute("select pg_advisory_lock(7)")
        async with waiting(waiter, "insert into t default values"):
            found = await until_waiting(db, database, {"waiter"})
            has, wants = (await look(db, found["holder"])).locks, (await look(db, found["waiter"])).locks
    assert locks_text(has).splitlines() == [
        "has    EXCLUSIVE            an advisory lock on a key",
        "has    SHARE ROW EXCLUSIVE  public.t",
    ]
    assert locks_text(wants[:1]).startswith("wants  ROW EXCLUSIVE  public.t, for ")


@on_both
async def test_what_a_session_has_done_since_is_said(database: str) -> None:
    async with connections(database, "app") as (app,), Database(target(database)) as db:
        await app.execute("begin")
        (session,) = (await seen(db, database)).values()
        assert (await look(db, session)).gone_on == ""
        await app.execute("commit")
        found = await look(db, session)
    told = "it has gone on since this was read: it is idle now, and the statement below is a newer one"
    assert (found.statement, found.gone_on) == ("commit", told)


async def test_the_plan_of_what_runs_is_masked_and_nothing_is_run(pg18_migrated: str) -> None:
    async with connections(pg18_migrated, "app") as (app,), Database(target(pg18_migrated)) as db:
        await app.execute("select * from patients where mrn = 'MRN-4711' and last_name like 'Do%'")
        (session,) = (await seen(db, pg18_migrated)).values()
        text = await plan_of(db, session)
    assert "patients" in text
    assert "4711" not in text
    assert "Do" not in text.replace("Domain", "")


@pytest.mark.parametrize("statement", ["vacuum", "select 1; select 2", "begin", "select '" + "x" * 2_000 + "'"])
async def test_what_has_no_plan_is_said(pg18_database: str, statement: str) -> None:
    async with connections(pg18_database, "app") as (app,), Database(target(pg18_database)) as db:
        await app.execute(statement.encode())
        (session,) = (await seen(db, pg18_database)).values()
        with pytest.raises(Unsupported):
            await plan_of(db, session)


async def test_a_statement_of_a_megabyte_of_escape_codes(roomy: Cluster) -> None:
    dsn = roomy.dsn("postgres")
    async with connections(dsn, "app") as (app,), Database(target(dsn)) as db:
        await app.execute(("select '" + "\x1b]52;c;aGk=\x07" * 80_000 + "John Doe'").encode())
        (session,) = (await seen(db, dsn)).values()
        found = await look(db, session)
        with pytest.raises(Unsupported, match="first part"):
            await plan_of(db, session)
    assert session.query == found.statement == "select ?"


async def test_a_statement_that_is_no_utf8(roomy: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    with psycopg.connect(roomy.dsn("postgres"), autocommit=True) as admin:
        admin.execute("create database anything encoding 'SQL_ASCII' lc_collate 'C' lc_ctype 'C' template template0")
    dsn = roomy.dsn("anything")
    monkeypatch.setattr(statements, "SLOW", -1.0)
    async with connections(dsn, "app", "late") as (app, late), Database(target(dsn)) as db:
        await app.execute(b"select pg_advisory_lock(1) as Zo\xeb")
        async with waiting(late, b"select pg_advisory_lock(1) as Zo\xeb"):
            session = (await until_waiting(db, dsn, {"late"}))["app"]
            with pytest.raises(Unsupported, match="not in UTF-8"):
                await plan_of(db, session)
            texts = [party.query_text for party in (await locks.snapshot(db)).parties]
            texts += [running.query for running in (await statements.Reader(db).read()).running]
    masked = "select pg_advisory_lock(?) as ?"
    assert [session.query, *texts] == [masked] * 4
