"""Sessions are stopped, and only those that are meant: with real sessions on a real server."""

import asyncio
import os
import signal as signals
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql
from psycopg.rows import dict_row

from console.db.database import LANES
from console.db.session import Session
from console.errors import NoPrivilege, Refused
from console.services.events import Kept
from console.services.signalling import service
from console.services.signalling.models import Subject, Verb
from console.services.signalling.service import Signalled, signal
from console.services.signalling.words import consequence, facts, whom
from tests.targets import target

SUBJECT = """
    select pid, backend_start, query_start, backend_type, leader_pid, usename as user, datname as database,
           application_name as application, 'local' as client, state, 0.0 as query_age, 0.0 as transaction_age,
           backend_xid is not null as has_written, 0 as blocks, 'masked' as query
      from pg_stat_activity where pid = %s
"""

HEADSTRONG = """
    do $$ begin perform pg_sleep(600); exception when query_canceled then perform pg_sleep(600); end $$
"""
"""Goes on when it is cancelled."""


async def subject(dsn: str, pid: int) -> Subject:
    """A session as somebody sees it."""
    async with await psycopg.AsyncConnection.connect(dsn, row_factory=dict_row) as connection:
        row = await (await connection.execute(SUBJECT, [pid])).fetchone()
    assert row is not None
    return Subject(**row)


@asynccontextmanager
async def session(dsn: str) -> AsyncIterator[psycopg.AsyncConnection]:
    """Somebody's connection."""
    connection = await psycopg.AsyncConnection.connect(dsn, autocommit=True, application_name="victim")
    try:
        yield connection
    finally:
        await connection.close()


@asynccontextmanager
async def busy(dsn: str, statement: str = "select pg_sleep(600)") -> AsyncIterator[tuple[Subject, asyncio.Task[Any]]]:
    """Somebody at work, as he is seen, and his work."""
    async with session(dsn) as connection:
        work = asyncio.create_task(connection.execute(statement.encode()))
        try:
            while (found := await subject(dsn, connection.info.backend_pid)).state != "active":
                pass
            yield found, work
        finally:
            work.cancel()
            await asyncio.wait([work])


async def do(dsn: str, verb: Verb, whom: Subject, **user: str) -> Signalled:
    """Signal as a person at a console would."""
    async with await Session.open(target(dsn, **user), "act", settings=LANES["act"]) as act:
        return await signal(act, verb, whom, "it hangs")


def events(dsn: str) -> list[tuple[str, str, str]]:
    """What was written down: kind, target, outcome."""
    with psycopg.connect(dsn) as connection:
        query = (
            "select kind, detail->>'target', detail->>'outcome' from emr_console.event where kind like %s order by id"
        )
        return connection.execute(query, ["session.%"]).fetchall()


async def test_cancel_ends_the_statement_and_not_the_session(migrated: str) -> None:
    async with busy(migrated) as (whom, work):
        done = await do(migrated, "cancel", whom)
        with pytest.raises(psycopg.errors.QueryCanceled):
            await work
    assert (done.gone, done.kept) == (True, Kept())
    ((kind, named, outcome),) = events(migrated)
    assert (kind, outcome) == ("session.cancel", "gone")
    assert named.startswith(f"pid {whom.pid}, postgres@")


async def test_terminate_ends_the_session(migrated: str) -> None:
    async with session(migrated) as connection:
        whom = await subject(migrated, connection.info.backend_pid)
        assert (await do(migrated, "terminate", whom)).gone
        with pytest.raises(psycopg.OperationalError):
            await connection.execute("select 1")


@pytest.mark.parametrize("verb", ["cancel", "terminate"])
async def test_another_session_with_the_same_pid_is_left_alone(pg18_migrated: str, verb: Verb) -> None:
    async with busy(pg18_migrated) as (stranger, work):
        assert stranger.backend_start is not None
        meant = replace(stranger, backend_start=stranger.backend_start - timedelta(microseconds=1))
        with pytest.raises(Refused, match="belongs to another session now"):
            await do(pg18_migrated, verb, meant)
        assert not work.done()
        assert (await subject(pg18_migrated, stranger.pid)).query_start == stranger.query_start
    ((_, _, outcome),) = events(pg18_migrated)
    assert "another session" in outcome


async def test_another_statement_of_the_same_session_is_not_cancelled(pg18_migrated: str) -> None:
    async with busy(pg18_migrated) as (now, work):
        assert now.query_start is not None
        with pytest.raises(Refused, match="has already ended"):
            await do(pg18_migrated, "cancel", replace(now, query_start=now.query_start - timedelta(microseconds=1)))
        assert not work.done()


async def test_what_has_ended_is_said(pg18_migrated: str) -> None:
    async with session(pg18_migrated) as connection:
        whom = await subject(pg18_migrated, connection.info.backend_pid)
        with pytest.raises(Refused, match="has already ended"):
            await do(pg18_migrated, "cancel", whom)
    with pytest.raises(Refused, match="is already"):
        await do(pg18_migrated, "terminate", whom)
    assert [outcome.rpartition(" ")[2] for _, _, outcome in events(pg18_migrated)] == ["ended.", "gone."]


async def test_one_that_goes_on_is_told_so(pg18_migrated: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "PATIENCE", 0.1)
    async with busy(pg18_migrated, HEADSTRONG) as (whom, work):
        assert not (await do(pg18_migrated, "cancel", whom)).gone
        assert not work.done()
        with stopped(whom.pid):
            assert not (await do(pg18_migrated, "terminate", whom)).gone
    assert [outcome for _, _, outcome in events(pg18_migrated)] == ["still running after 0.1 s"] * 2


@contextmanager
def stopped(pid: int) -> Iterator[None]:
    """A process that does nothing, not even end."""
    os.kill(pid, signals.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signals.SIGCONT)


@pytest.fixture
def watchman(pg18_migrated: str) -> Iterator[str]:
    """A role without any right."""
    with psycopg.connect(pg18_migrated, autocommit=True) as admin:
        admin.execute("drop role if exists watchman")
        admin.execute("drop role if exists app")
        admin.execute("create role watchman login password 'x'")
        admin.execute("create role app login password 'x'")
        yield "watchman"
        admin.execute(sql.SQL("drop role watchman"))
        admin.execute(sql.SQL("drop role app"))


async def test_a_missing_right_is_named_with_its_grant(pg18_migrated: str, watchman: str, home: Path) -> None:
    rights = {"user": watchman, "password": "x", "passfile": "/nonexistent"}
    as_app = psycopg.conninfo.make_conninfo(pg18_migrated, user="app", password="x", passfile="/nonexistent")
    async with session(as_app) as connection:
        whom = await subject(pg18_migrated, connection.info.backend_pid)
        told = []
        with psycopg.connect(pg18_migrated, autocommit=True) as admin:
            for _ in range(2):
                with pytest.raises(NoPrivilege) as refused:
                    await do(pg18_migrated, "terminate", whom, **rights)
                told.append(refused.value)
                admin.execute(refused.value.hint.partition(": ")[2].encode())
        done = await do(pg18_migrated, "terminate", whom, **rights)
    assert [error.hint for error in told] == [
        'A superuser can show it: GRANT pg_read_all_stats TO "watchman";',
        'A superuser can allow it: GRANT pg_signal_backend TO "watchman";',
    ]
    assert done.gone
    assert "not in emr_console.event" in done.kept.sentence, "this role may not write there"


async def test_of_a_superuser_only_a_superuser_may(pg18_migrated: str, watchman: str, home: Path) -> None:
    with psycopg.connect(pg18_migrated, autocommit=True) as admin:
        admin.execute("grant pg_signal_backend, pg_read_all_stats to watchman")
    async with busy(pg18_migrated) as (whom, work):
        with pytest.raises(NoPrivilege, match="may not terminate") as refused:
            await do(pg18_migrated, "terminate", whom, user=watchman, password="x", passfile="/nonexistent")
        assert not work.done()
    assert refused.value.hint == "Only a superuser may."


def test_words() -> None:
    known: dict[str, Any] = dict.fromkeys(Subject.__slots__) | {
        "pid": 4711,
        "user": "emr_app",
        "database": "emr",
        "blocks": 0,
    }
    one = Subject(**known | {"transaction_age": 743.0, "has_written": True, "blocks": 5, "query_age": 741.0})
    assert whom("terminate", [one]) == "Terminate pid 4711, emr_app@emr"
    assert consequence("terminate", [one]) == (
        "Its connection is closed, and its transaction (open for 12 m, has written) rolls back; 5 sessions wait for it."
    )
    assert consequence("cancel", [one]).endswith("keeps its locks until the client rolls back.")
    assert consequence("cancel", [replace(one, query_age=743.0)]).endswith("the session stays; 5 sessions wait for it.")
    assert dict(facts([one]))["transaction"] == "open for 12 m, has written"
    many = facts([one] * 12)
    assert (len(many), many[-1]) == (9, ("", "and 4 more"))
    assert consequence("terminate", [one] * 12).endswith("12 open transactions roll back, 12 of them with changes.")
    sender = Subject(**known | {"backend_type": "walsender", "client": "10.0.0.9"})
    assert "Replication to 10.0.0.9" in consequence("terminate", [sender])
