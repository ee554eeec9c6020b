"""The progress tab: a real index build that waits, a real vacuum that is held up, a real copy."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import psycopg
import pytest
from psycopg import AsyncConnection

from console.db.database import Database
from console.panes.database.progress import service
from console.panes.database.progress.models import Progress, Underway
from tests.migrate.servers import on_both
from tests.targets import target

Connection = AsyncConnection[Any]


@asynccontextmanager
async def connected(dsn: str) -> AsyncIterator[Connection]:
    """Somebody else."""
    async with await AsyncConnection.connect(dsn, autocommit=True) as connection:
        yield connection


@asynccontextmanager
async def at_work(connection: Connection, statement: str) -> AsyncIterator[None]:
    """Somebody who runs a statement until it is no longer looked at."""
    task = asyncio.create_task(connection.execute(statement.encode()))
    try:
        yield
    finally:
        await connection.cancel_safe()
        await asyncio.gather(task, return_exceptions=True)


async def until(db: Database, pid: int, true: Callable[[Progress], bool]) -> Progress:
    """What this backend does, as soon as this is so; ten seconds only end a hang."""
    before: Underway | None = None
    async with asyncio.timeout(10):
        while True:
            before = await service.read_progress(db, before)
            for each in before.rows:
                if each.row.pid == pid and true(each):
                    return each


@on_both
async def test_an_index_build_that_waits_for_a_writer(database: str) -> None:
    async with connected(database) as writer, connected(database) as builder, Database(target(database)) as db:
        await writer.execute("create table t (id int)")
        await writer.execute("begin; insert into t values (1)")
        awaited = writer.info.backend_pid
        async with at_work(builder, "create index concurrently t_id on t (id)"):
            found = await until(db, builder.info.backend_pid, lambda each: each.row.waits_for is not None)
    row = found.row
    assert (row.command, row.relation, row.part) == ("CREATE INDEX CONCURRENTLY", "public.t", "t_id")
    assert row.phase == "waiting for writers before build"
    assert (row.waits_for, row.unit, row.total) == (awaited, "sessions", 1)
    assert row.user == "postgres"
    assert (row.elapsed or -1) >= 0
    assert not row.wraparound


@on_both
async def test_a_vacuum_and_its_pace(database: str) -> None:
    async with connected(database) as admin, Database(target(database)) as db:
        await admin.execute("create table t (v text) with (autovacuum_enabled = off)")
        await admin.execute("insert into t select repeat('x', 900) from generate_series(1, 8000)")
        await admin.execute("set vacuum_cost_delay = 10; set vacuum_cost_limit = 20")
        async with at_work(admin, "vacuum t"):
            found = await until(db, admin.info.backend_pid, lambda each: bool(each.rate))
            size = await blocks(database)
    row = found.row
    assert (row.command, row.phase, row.unit, row.total) == ("VACUUM", "scanning heap", "blocks", size)
    assert 0 < (found.share or 0) < 1
    assert found.remaining is not None
    assert found.as_json()["remaining"] == found.remaining


async def blocks(dsn: str) -> int:
    """How large the table is."""
    async with connected(dsn) as other:
        cursor = await other.execute("select pg_relation_size('t') / 8192")
        (size,) = await cursor.fetchone() or (0,)
        return int(size)


async def test_a_copy_whose_end_is_not_known(pg18_database: str) -> None:
    async with connected(pg18_database) as admin, Database(target(pg18_database)) as db:
        await admin.execute("create table t (id int)")
        async with admin.cursor().copy("copy t from stdin") as copying:
            await copying.write("1\n" * 100_000)
            found = await until(db, admin.info.backend_pid, lambda each: (each.row.done or 0) > 0)
        assert (found.row.command, found.row.phase, found.row.unit) == ("COPY FROM", "pipe", "rows")
        assert (found.row.total, found.share, found.remaining) == (None, None, None)
        assert (await service.read_progress(db)).rows == []


async def test_a_role_without_rights_sees_that_something_is_hidden(database: str) -> None:
    with psycopg.connect(database, autocommit=True) as admin:
        admin.execute("drop role if exists onlooker")
        admin.execute("create role onlooker login password 'x'")
    where = target(database, user="onlooker", password="x", passfile="/nonexistent")
    try:
        async with connected(database) as writer, connected(database) as builder, Database(where) as db:
            await writer.execute("create table t (id int)")
            await writer.execute("begin; insert into t values (1)")
            async with at_work(builder, "create index concurrently t_id on t (id)"):
                found = await until(db, builder.info.backend_pid, lambda each: each.hidden)
                told = await service.read_progress(db)
    finally:
        with psycopg.connect(database, autocommit=True) as admin:
            admin.execute("drop role onlooker")
    assert (found.row.command, found.row.relation, found.row.done) == (None, None, None)
    assert told.grant == 'GRANT pg_read_all_stats TO "onlooker";'


@pytest.mark.parametrize("variant", ["pg18", "pg15"])
def test_every_view_has_the_columns_that_are_asked(variant: str, request: pytest.FixtureRequest) -> None:
    """All of them are in one statement: one that lacked a column would fail it for all."""
    cluster = request.getfixturevalue(variant)
    from console.db.query import Query

    query = Query("console.panes.database.progress", "progress")
    with psycopg.connect(cluster.dsn("postgres")) as admin:
        assert admin.execute(query.text(admin.info.server_version // 10_000).encode()).description
