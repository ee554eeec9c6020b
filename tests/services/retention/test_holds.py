"""Legal holds: placed and released by name, seen by every drop, never changed and never deleted."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import psycopg
import pytest

from console.db.database import LANES
from console.db.session import Session
from console.errors import ConsoleError, Exit, NoPrivilege, Refused, UsageError
from console.migrate import ledger
from console.services.retention import holding, holds
from console.services.retention.models import Place
from tests.migrate.working import ask, go_down, go_up, one, write_tables
from tests.targets import target

AUDIT = Place(table_schema="public", table_name="audit_logs")
WHY = "a subpoena of the test court"
RELEASED = "released_at = now(), released_by = '', released_as = '', release_reason = ''"


@asynccontextmanager
async def acting(dsn: str) -> AsyncIterator[Session]:
    """A session that may write."""
    async with await Session.open(target(dsn), "act", settings=LANES["act"] | holding.SETTINGS) as session:
        yield session


@pytest.fixture
def visitor(pg18_migrated: str) -> Iterator[str]:
    """A role without any right on the ledger."""
    role = f"visitor_{one(pg18_migrated, 'select current_database()')}"
    ask(pg18_migrated, f"create role {role}")
    yield role
    ask(pg18_migrated, f"drop owned by {role}")
    ask(pg18_migrated, f"drop role {role}")


async def test_placed_seen_and_released(pg18_migrated: str) -> None:
    async with acting(pg18_migrated) as session:
        placed = await holding.place(session, "audit_logs", "case 17", WHY)
        assert (placed.hold.table, placed.jobs, placed.others) == ("public.audit_logs", [], [])
        assert placed.where == "It is recorded in emr_console.event."
        with pytest.raises(Refused, match=r'under legal hold: "case 17" of .* since .*subpoena'):
            async with session.transaction():
                await holds.require_free(session, AUDIT)
        with pytest.raises(Refused, match="under legal hold"):
            await holding.place(session, "public.audit_logs", "case 17", WHY)
        other = await holding.place(session, "audit_logs", "case 18", WHY)
        assert other.others == ["case 17"]
        with pytest.raises(UsageError, match="under 2 holds") as caught:
            await holding.release(session, "audit_logs", None, WHY)
        assert caught.value.hint.startswith("Name one of them with --name: ")
        assert "case 18" in caught.value.hint
        assert (await holding.release(session, "audit_logs", "case 17", "closed")).others == ["case 18"]
        assert (await holding.release(session, "public.audit_logs", None, "closed")).others == []
        async with session.transaction():
            await holds.require_free(session, AUDIT)
    said = ask(pg18_migrated, "select kind, detail ->> 'hold', detail ->> 'outcome' from emr_console.event "
                              "where kind like 'retention.%' order by id")  # fmt: skip
    assert [line[:2] for line in said if line[2] == "done"] == [
        ("retention.hold", "case 17"), ("retention.hold", "case 18"),
        ("retention.release", "case 17"), ("retention.release", "case 18"),
    ]  # fmt: skip
    assert [line[2][:9] for line in said if line[2] != "done"] == ["not done:"]


async def test_a_name_of_no_table(pg18_migrated: str) -> None:
    async with acting(pg18_migrated) as session:
        for name in ("nothing_here", "a.b.c", "'); drop", "pg_class", "audit_logs_default", ""):
            with pytest.raises(UsageError, match=r"no table .* that could be held"):
                await holding.place(session, name, "case", WHY)


async def test_a_table_with_an_odd_name_that_is_gone_when_it_is_released(pg18_migrated: str) -> None:
    ask(pg18_migrated, 'create schema "Ward 7"; create table "Ward 7"."Odd ""name"" % x" ()')
    async with acting(pg18_migrated) as session:
        placed = await holding.place(session, '"Ward 7"."Odd ""name"" % x"', "case", WHY)
        assert placed.hold.table == 'Ward 7.Odd "name" % x'
        ask(pg18_migrated, 'drop schema "Ward 7" cascade')
        released = await holding.release(session, 'Ward 7.Odd "name" % x', None, WHY)
    assert released.hold.id == placed.hold.id


async def test_a_hold_is_only_released(pg18_migrated: str) -> None:
    async with acting(pg18_migrated) as session:
        await holding.place(session, "audit_logs", "case 17", WHY)
        for statement in (
            "update emr_console.hold set reason = 'x'", "delete from emr_console.hold", "truncate emr_console.hold",
            f"update emr_console.hold set {RELEASED}, name = 'another'",
        ):  # fmt: skip
            with pytest.raises(NoPrivilege):
                await session.execute(statement)
        await holding.release(session, "audit_logs", None, WHY)
        with pytest.raises(NoPrivilege):
            await session.execute("update emr_console.hold set released_at = now()")


async def test_who_cannot_see_the_holds_drops_nothing(pg18_migrated: str, visitor: str) -> None:
    async with acting(pg18_migrated) as session:
        await session.execute(f"set role {visitor}")
        with pytest.raises(Refused, match="this role cannot see them all"):
            await holds.require_free(session, AUDIT)


async def test_a_ledger_of_an_older_console_has_none_and_gets_a_place_for_them(
    pg18_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(pg18_database, "create table audit_logs ()")
    async with acting(pg18_database) as session:
        assert await holds.standing(session) == []
        with monkeypatch.context() as older:
            older.setattr(ledger, "BOOTSTRAPS", ledger.BOOTSTRAPS[:2])
            older.setattr(ledger, "NEWEST", 2)
            await ledger.ready(session)
        assert await holds.standing(session) == []
        await holding.place(session, "audit_logs", "case 17", WHY)
    assert one(pg18_database, "select version from emr_console.meta") == ledger.NEWEST


async def test_a_hold_waits_for_who_is_dropping(pg18_migrated: str, home: Path) -> None:
    async with acting(pg18_migrated) as dropper, acting(pg18_migrated) as person:
        async with dropper.transaction():
            await holds.require_free(dropper, AUDIT)
            placing = asyncio.create_task(holding.place(person, "audit_logs", "case 17", WHY))
            waits = f"select cardinality(pg_blocking_pids({person.pid}))"
            while not one(pg18_migrated, waits):  # noqa: ASYNC110 - the server sends no event
                await asyncio.sleep(0.01)
            assert not placing.done()
        await placing


async def test_while_somebody_migrates_an_older_ledger_is_left_alone(pg18_database: str) -> None:
    from console.migrate import lock

    ask(pg18_database, "create table audit_logs ()")
    with psycopg.connect(pg18_database, autocommit=True) as other:
        other.execute("select pg_advisory_lock(%s, %s)", (lock.KEY["space"], lock.KEY["key"]))
        async with acting(pg18_database) as session:
            with pytest.raises(ConsoleError) as caught:
                await holding.place(session, "audit_logs", "case 17", WHY)
    assert caught.value.exit is Exit.LOCKED


async def test_a_rollback_destroys_nothing_that_is_held(pg18_database: str, tmp_path: Path) -> None:
    write_tables(tmp_path, "first", "second")
    await go_up(pg18_database, tmp_path)
    async with acting(pg18_database) as session:
        await holding.place(session, "second", "case 17", WHY)
        with pytest.raises(Refused, match=r'public\.second holds, which is under legal hold: "case 17"'):
            await go_down(pg18_database, tmp_path)
        assert one(pg18_database, "select count(*) from second") == 1
        await holding.release(session, "second", None, WHY)
    assert (await go_down(pg18_database, tmp_path)).done == ["002"]
