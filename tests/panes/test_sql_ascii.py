"""A database that takes any bytes for text: its names need not be UTF-8, and are shown all the same."""

import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import psycopg
import pytest

from console.db.database import Database
from console.db.session import Session
from console.demo.server import Cluster
from console.errors import Unsupported
from console.migrate.files import default_folder
from console.panes.database.indexes.service import read_indexes
from console.panes.database.tables.service import read_tables
from console.panes.locks import service as locks
from console.panes.sessions.service import snapshot
from console.recorded import RECORDED
from console.services.audit.export.exporting import export
from console.services.audit.export.models import Wanted
from console.services.history.recorded import Recorded
from tests.migrate.working import go_up, read_status
from tests.targets import target

NAME = b"Zo\xeb"
"""As a client in LATIN1 would have written it, where nobody asked in which encoding."""

SHOWN = r"Zo\xeb"
"""The same on the screen."""

ASLEEP = """select count(*) from pg_locks
             where not granted and database = (select oid from pg_database where datname = 'anything')"""
"""How many wait there for a lock."""


@pytest.fixture(scope="module")
def anything(pg18: Cluster) -> Iterator[str]:
    """A table and its index of that name, and a role, whose session holds a lock that another one waits for."""
    dsn = f"{pg18.dsn('anything')} client_encoding=sql_ascii"
    with psycopg.connect(pg18.dsn("postgres"), autocommit=True) as admin, ExitStack() as stack:
        admin.execute("create database anything template template0 encoding sql_ascii locale_provider libc locale 'C'")
        stack.callback(admin.pgconn.exec_, b'drop role "%s"' % NAME)
        stack.callback(admin.execute, "drop database anything with (force)")
        owner = psycopg.connect(dsn, autocommit=True)
        owner.execute(b'create role "%s" login password \'x\'; create table "%s" (id int)' % (NAME, NAME))
        owner.execute(b'create index "%s_idx" on "%s" (id); alter table "%s" owner to "%s"' % (NAME, NAME, NAME, NAME))
        holder = stranger(dsn)
        stack.callback(owner.close)
        stack.callback(holder.close)
        holder.execute(b'begin; lock table "%s" in share mode' % NAME)
        owner.pgconn.send_query(b'insert into "%s" values (1)' % NAME)
        while admin.execute(ASLEEP).fetchone() != (1,):
            pass
        yield dsn


def stranger(dsn: str) -> psycopg.Connection:
    """A session of the role; only libpq itself takes its name as it is."""
    params = psycopg.conninfo.conninfo_to_dict(dsn, password="x")
    del params["user"], params["passfile"]
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("PGUSER", os.fsdecode(NAME))
        return psycopg.connect(**params, autocommit=True)  # type: ignore[arg-type]  # keywords of libpq


def files(folder: Path) -> list[str]:
    """What is in a folder."""
    return [path.name for path in folder.iterdir()]


async def test_its_names_are_spelled_out(anything: str) -> None:
    async with Database(target(anything)) as db:
        tables = [table.relation.name for table in (await read_tables(db)).tables]
        indexes = [index.row.name for index in (await read_indexes(db)).indexes]
        users = {session.backend.user for session in (await snapshot(db)).sessions}
        parties = (await locks.snapshot(db)).parties
    assert (tables, indexes) == ([SHOWN], [f"{SHOWN}_idx"])
    assert users >= {SHOWN, "postgres"}
    assert {party.user for party in parties} == {SHOWN, "postgres"}


@pytest.mark.parametrize("pane", RECORDED, ids=lambda pane: pane.name)
async def test_every_pane_has_an_answer(anything: str, pane: Recorded[Any]) -> None:
    async with Database(target(anything)) as db:
        assert pane.packed(await pane.opened(db)())


async def test_the_engine_reads_it(anything: str) -> None:
    assert {row.state for row in (await read_status(anything, default_folder())).rows} == {"pending"}


async def test_json_of_such_names_can_be_read(anything: str) -> None:
    async with await Session.open(target(anything), "poll") as session:
        _, rows = await session.rows("select json_agg(rolname) from pg_roles where rolname ~ '^Zo'")
    assert rows == [([SHOWN],)]


async def test_nothing_is_exported_from_it(anything: str, tmp_path: Path) -> None:
    await go_up(anything, default_folder())
    wanted = Wanted("since:all", "csv", tmp_path / "log.csv", "the yearly look")
    async with Database(target(anything)) as db:
        with pytest.raises(Unsupported, match="This database is SQL_ASCII"):
            await export(db, wanted)
    assert files(tmp_path) == []
