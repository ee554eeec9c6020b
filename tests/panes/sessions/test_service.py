"""Who is connected, against real sessions and real locks."""

import json
import logging
from datetime import datetime, timedelta, tzinfo

import psycopg
import pytest

from console.cli.main import run
from console.db.database import Database
from console.errors import NoPrivilege
from console.panes.sessions import service
from console.panes.sessions.models import Session, Snapshot, summary, urgency
from console.services.activity import statement
from tests.migrate.servers import on_both
from tests.panes.connected import backend, connections, seen, until_waiting, waiting
from tests.targets import target


@on_both
async def test_states_ages_and_masked_texts(database: str) -> None:
    async with connections(database, "idle one", "in transaction", "aborted") as (idle, transaction, aborted):
        await idle.execute("select 'John Doe', 4711, $$secret$$ -- 123-45-6789")
        await transaction.execute("begin")
        await transaction.execute("select 'mrn TEST-1'")
        await aborted.execute("begin")
        with pytest.raises(psycopg.Error):
            await aborted.execute("select 1/0")
        async with Database(target(database)) as db:
            found = await seen(db, database)
    assert set(found) == {"idle one", "in transaction", "aborted"}
    assert found["idle one"].query == "select ?, ?, ? ?"
    assert found["idle one"].backend.state == "idle"
    assert found["idle one"].backend.transaction_age is None
    assert found["idle one"].backend.client == "local"
    assert found["in transaction"].backend.state == "idle in transaction"
    assert (found["in transaction"].backend.transaction_age or -1) >= 0
    assert found["aborted"].backend.state == "idle in transaction (aborted)"


async def test_who_blocks_whom(database: str) -> None:
    names = ("holder", "first", "second")
    async with connections(database, *names) as (holder, first, second), Database(target(database)) as db:
        await holder.execute("create table t ()")
        await holder.execute("begin")
        await holder.execute("lock table t in access exclusive mode")
        async with waiting(first), waiting(second):
            found = await until_waiting(db, database, {"first", "second"})
        assert found["holder"].blocks == 2
        assert holder.info.backend_pid in found["first"].backend.blocked_by
        assert found["first"].backend.wait_event_type == "Lock"
        order = [s.backend.application for s in sorted(found.values(), key=urgency)]
        assert order[0] == "holder"


async def test_our_own_are_left_out_but_a_namesake_is_not(database: str) -> None:
    async with connections(database, "emr-console:poll:eve@evil") as _, Database(target(database)) as db:
        found = await seen(db, database)
        assert (await service.snapshot(db)).ours_hidden == 1
    assert set(found) == {"emr-console:poll:eve@evil"}


async def test_a_role_without_rights_sees_that_texts_are_hidden(database: str) -> None:
    with psycopg.connect(database, autocommit=True) as admin:
        admin.execute("drop role if exists nobody_special")
        admin.execute("create role nobody_special login password 'x'")
    try:
        async with connections(database, "app") as (app,):
            await app.execute("select 'Doe'")
            pid = app.info.backend_pid
            where = target(database, user="nobody_special", password="x", passfile="/nonexistent")
            async with Database(where) as db:
                found = await service.snapshot(db)
                sessions = found.sessions
    finally:
        with psycopg.connect(database, autocommit=True) as admin:
            admin.execute("drop role nobody_special")
    hidden = [s for s in sessions if s.backend.pid == pid]
    assert [(s.hidden, s.query, s.backend.state) for s in hidden] == [(True, None, None)]
    assert all(s.backend.user for s in sessions)
    assert found.connections == len(sessions) + found.ours_hidden
    assert found.limit == 97
    assert found.grant == 'GRANT pg_read_all_stats TO "nobody_special";'


async def test_a_view_that_was_taken_away_is_said_with_its_grant(database: str) -> None:
    with psycopg.connect(database, autocommit=True) as admin:
        admin.execute("drop role if exists shut_out")
        admin.execute("create role shut_out login password 'x'")
        admin.execute("revoke select on pg_stat_activity from public")
        try:
            async with Database(target(database, user="shut_out", password="x", passfile="/nonexistent")) as db:
                with pytest.raises(NoPrivilege) as refused:
                    await service.snapshot(db)
                admin.execute(refused.value.hint.partition(": ")[2].encode())
                db.forget_refusals()
                assert (await service.snapshot(db)).connections > 0
        finally:
            admin.execute("drop owned by shut_out")
            admin.execute("drop role shut_out")


class Behind(datetime):
    """This machine's clock, an hour behind the server's."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> "Behind":
        return super().now(tz) - timedelta(hours=1)


async def test_times_and_ages_are_by_the_servers_clock(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "datetime", Behind)
    async with connections(database, "app") as (app,), Database(target(database)) as db:
        await app.execute("begin")
        began = await clock(app)
        found = await service.snapshot(db)
        ended = await clock(app)
        (session,) = [s for s in found.sessions if s.backend.pid == app.info.backend_pid]
    assert began <= found.as_of <= ended
    assert session.backend.transaction_age is not None
    assert timedelta(0) < timedelta(seconds=session.backend.transaction_age) < timedelta(minutes=1)


async def clock(connection: psycopg.AsyncConnection) -> datetime:
    """What time it is for the server."""
    row = await (await connection.execute("select clock_timestamp()")).fetchone()
    assert row is not None
    return row[0]  # type: ignore[no-any-return]  # psycopg does not know the column


async def test_the_whole_statement_of_one_backend(database: str) -> None:
    long = "select " + ", ".join(f"'{n}' as c{n}" for n in range(80))
    async with connections(database, "app") as (app,), Database(target(database)) as db:
        await app.execute(long.encode())
        (session,) = (await seen(db, database)).values()
        whole = await statement(db, *session.key)
        assert session.backend.backend_start is not None
        before = {"backend_start": session.backend.backend_start - timedelta(hours=1)}
        predecessor = Session(session.backend.model_copy(update=before), 0, None)
        assert predecessor.key != session.key
        assert await statement(db, *predecessor.key) is None, "its pid is somebody else's by now"
    assert whole is not None
    assert whole.startswith("select ? as c0, ? as c1")


def test_json_holds_the_contract_and_no_literal(migrated: str, capsys: pytest.CaptureFixture[str]) -> None:
    with psycopg.connect(migrated, application_name="app \x1b]52;c;eA\x07 [/] \u202e", autocommit=True) as app:
        app.execute("select '123-45-6789'")
        pid = app.info.backend_pid
        assert run(["--dsn", migrated, "sessions", "--json"]) == 0
    out = capsys.readouterr().out
    found = json.loads(out)
    assert {"as_of", "flavour", "server", "rows", "connections", "pool", "applications", "held", "horizon"} == set(
        found
    )
    promised = "pid backend_start user application client state wait_event_type wait_event query_age transaction_age"
    promised += " blocked_by blocks query"
    (row,) = [row for row in found["rows"] if row["pid"] == pid]
    assert set(promised.split()) <= set(row)
    assert "123-45" not in out
    assert "\x1b" not in out


def test_traced_statements_go_to_stderr_without_values(migrated: str, capsys: pytest.CaptureFixture[str]) -> None:
    try:
        assert run(["--dsn", migrated, "--trace-sql", "sessions"]) == 0
    finally:
        logging.getLogger("console.sql").handlers.clear()
        logging.getLogger("console.sql").setLevel(logging.NOTSET)
    captured = capsys.readouterr()
    assert "console.panes.sessions/sessions" in captured.err
    assert captured.out.startswith("pid\tuser\t")


def test_summary_and_urgency() -> None:
    waiter, blocker, active = backend(1, blocked_by=[2], state="active"), backend(2), backend(3, state="active")
    sessions = service.arrange([active, waiter, blocker])
    assert [s.backend.pid for s in sessions] == [2, 1, 3]
    assert summary(sessions) == {"idle": 1, "waiting": 1, "active": 1}
    assert Snapshot.__doc__


def test_our_pid_is_shown_when_somebody_waits_for_it() -> None:
    ours, victim = backend(1), backend(2, blocked_by=[1])
    assert [s.backend.pid for s in service.arrange([ours, victim], ours={1})] == [1, 2]
    assert [s.backend.pid for s in service.arrange([ours], ours={1})] == []
