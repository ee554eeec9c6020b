"""Readings that leave out who sleeps, beside whole ones, while everything that can change does."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest

from console.db.database import Database
from console.db.pipeline import Answers, Request
from console.panes.sessions import sleepers
from console.panes.sessions.models import Asleep, Backend, Snapshot
from console.panes.sessions.service import ASLEEP, SESSIONS, Reader, snapshot
from console.panes.sessions.sleepers import Sleepers
from tests.migrate.servers import on_both
from tests.panes.connected import backend, connections, until_waiting, waiting
from tests.targets import target

NOON = datetime(2026, 3, 14, 12, tzinfo=UTC)
AGES = {"query_age", "transaction_age", "state_age"}


class Counting(Database):
    """Counts how often it is asked, and remembers who was sent."""

    asked = 0
    """Questions."""
    sent: frozenset[int] = frozenset()
    """The pids of the rows in the last answer."""
    asleep: frozenset[int] = frozenset()
    """The pids that stood for rows in it."""

    async def pipeline(self, *requests: Request[Any]) -> Answers:
        """As it is."""
        answers = await super().pipeline(*requests)
        found = {request.query: request for request in requests}
        self.asked += 1
        self.sent = frozenset(row.pid for row in answers.rows(found[SESSIONS]))
        self.asleep = frozenset(answers.rows(found[ASLEEP])[0].pids)
        return answers


@contextmanager
def watcher(dsn: str) -> Iterator[psycopg.Connection]:
    """A role that sees everything, and who can take that away."""
    with psycopg.connect(dsn, autocommit=True, application_name="admin") as admin:
        admin.execute("create role watcher login password 'x' in role pg_read_all_stats")
        admin.execute("create role sleeper login password 'x'")
        try:
            yield admin
        finally:
            admin.execute("drop role if exists watcher, sleeper, dreamer")


@asynccontextmanager
async def watching(dsn: str) -> AsyncIterator[tuple[Counting, Reader]]:
    """Its console, which has read once."""
    async with Counting(target(dsn, user="watcher", password="x", passfile="/nonexistent")) as db:
        reader = Reader(db)
        await reader.read()
        yield db, reader


async def whole(db: Counting, reader: Reader, *, again: bool = False) -> None:
    """A reading says what one without any memory says; perhaps the first attempt did not fit what was known."""
    expected, before = await settled(db), db.asked
    thrifty = await reader.read()
    assert db.asked - before == 1 + again
    assert told(thrifty, db.target.params["dbname"]) == told(expected, db.target.params["dbname"])


async def settled(db: Database) -> Snapshot:
    """A whole reading as soon as nobody is between its last word and the wait for its client's next one."""
    while True:
        read = await snapshot(db)
        resting = (s.backend for s in read.sessions if s.backend.state not in (None, "active"))
        if all(row.wait_event == "ClientRead" for row in resting):
            return read


def told(read: Snapshot, database: str) -> dict[int, dict[str, object]]:
    """Everything but ages of the sessions of one database; of these whether there are any."""
    rows = (session.backend for session in read.sessions if session.backend.database == database)
    return {
        row.pid: row.model_dump(exclude=AGES) | {age: getattr(row, age) is not None for age in AGES} for row in rows
    }


@pytest.fixture(autouse=True)
def _no_margin(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever sleeps at one reading is left out of the next one, however short that was."""
    monkeypatch.setattr(sleepers, "MARGIN", timedelta(0))


@on_both
async def test_whatever_changes_is_read(database: str) -> None:
    names = ("idle", "in transaction", "aborted", "writes", "renamed", "sees", "dark")
    with watcher(database) as admin:
        async with (
            connections(database, *names) as (idle, transaction, aborted, writes, renamed, sees, dark),
            watching(database) as (db, reader),
        ):
            await whole(db, reader)
            everybody = {each.info.backend_pid for each in (idle, transaction, aborted, writes, renamed, sees, dark)}
            await reader.read()
            assert everybody <= db.asleep
            assert not everybody & db.sent
            await transaction.execute("begin")
            await aborted.execute("begin")
            with pytest.raises(psycopg.Error):
                await aborted.execute("select 1/0")
            await writes.execute("create table t ()")
            await writes.execute("begin; lock table t in access exclusive mode; insert into t default values")
            await renamed.execute("set application_name = 'called otherwise'")
            await sees.execute("begin transaction isolation level repeatable read; select 1")
            await whole(db, reader)
            await whole(db, reader)
            assert {idle.info.backend_pid, transaction.info.backend_pid, aborted.info.backend_pid} <= db.asleep
            assert {writes.info.backend_pid, sees.info.backend_pid} <= db.sent, "who falls behind is read each time"
            async with waiting(idle):
                await until_waiting(db, database, {"idle"})
                await whole(db, reader)
            await transaction.execute("select 'more'")
            await dark.execute("set track_activities = off")
            await whole(db, reader)
            await aborted.execute("rollback")
            await sees.execute("rollback")
            await dark.execute("set track_activities = on")
            await renamed.execute("set role sleeper")
            await whole(db, reader)
            async with connections(database, "new") as (new,):
                await new.execute("select 1")
                await whole(db, reader)
                await whole(db, reader)
                ended = transaction.info.backend_pid
                admin.execute("select pg_terminate_backend(%s, 60000)", (ended,))
                await transaction.close()
                await whole(db, reader)
                assert ended not in db.asleep | db.sent


async def test_what_no_state_tells_of_is_seen_by_its_fingerprint(database: str) -> None:
    with watcher(database) as admin:
        as_sleeper = psycopg.conninfo.make_conninfo(database, user="sleeper", password="x", passfile="/nonexistent")
        async with connections(as_sleeper, "app") as (app,), watching(database) as (db, reader):
            await app.execute("select 'who am I'")
            await whole(db, reader)
            await whole(db, reader)
            assert app.info.backend_pid in db.asleep
            admin.execute("alter role sleeper rename to dreamer")
            await whole(db, reader, again=True)
            await whole(db, reader)
            admin.execute("revoke pg_read_all_stats from watcher")
            await whole(db, reader)
            admin.execute("grant pg_read_all_stats to watcher")
            await whole(db, reader, again=True)


def known(pid: int, fingerprint: int, **changed: object) -> Backend:
    return backend(pid, query_age=5.0, state_age=4.0, fingerprint=fingerprint, **changed)


def test_sleepers_grow_older() -> None:
    found = Sleepers()
    assert found.joined([known(7, 70), known(9, 90)], Asleep(as_of=NOON, pids=[], fingerprint=0)) is not None
    for seconds in (10, 20):
        later = Asleep(as_of=NOON + timedelta(seconds=seconds), pids=[9], fingerprint=90)
        read = found.joined([known(8, 80)], later)
        assert read is not None
        assert [(each.pid, each.query_age, each.state_age, each.transaction_age) for each in read] == [
            (8, 5.0, 4.0, None),
            (9, 5.0 + seconds, 4.0 + seconds, None),
        ]


@pytest.mark.parametrize(
    ("pids", "fingerprint"),
    [pytest.param([7], 71, id="a pid that is another's now"), pytest.param([7, 8], 70, id="somebody unknown")],
)
def test_who_is_not_as_known_makes_the_next_reading_whole(pids: list[int], fingerprint: int) -> None:
    found = Sleepers()
    found.joined([known(7, 70)], Asleep(as_of=NOON, pids=[], fingerprint=0))
    assert found.since is not None
    assert found.joined([], Asleep(as_of=NOON, pids=pids, fingerprint=fingerprint)) is None
    assert found.since is None
