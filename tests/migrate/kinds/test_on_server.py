"""Locks, rewrites and the refusal of transactions equal what PostgreSQL 18 does with the same statements."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from console.demo.server import Cluster
from console.migrate.kinds.analyse import analyse
from console.migrate.kinds.expressions import built_in
from console.migrate.kinds.models import LOCK_MODES
from console.sql.lexer import Statement
from tests.fixtures.databases import fresh
from tests.migrate.kinds.corpus import IN_TRANSACTION, ONLY_18, OUTSIDE, SETUP, statements

TABLES = """
select oid, oid::regclass::text, pg_relation_filenode(oid) from pg_class
where relkind in ('r', 'p', 'v', 'm') and relnamespace = 'public'::regnamespace
"""
HELD = "select relation, replace(mode, 'Lock', '') from pg_locks where pid = pg_backend_pid() and relation is not null"
UNSAID: dict[str, dict[str, str | None]] = {
    "drop index t_a": {"t": "ACCESS EXCLUSIVE"},
    "drop index if exists t_a, t_b": {"t": "ACCESS EXCLUSIVE"},
    "reindex index t_a": {"t": "SHARE"},
    "alter table u validate constraint u_t_fk": {"t": "ROW SHARE"},
    "alter table u alter column t_id type bigint": {"t": "ACCESS EXCLUSIVE"},
    "drop trigger if exists nothing on t cascade": {"t": None},
    "drop table if exists nothing": {"nothing": None},
}
"""Locks that no word of the statement gives away, and those not taken where IF EXISTS finds nothing."""
OPAQUE = ("do", "analyze", "create publication", "alter publication", "drop statistics")
"""What these lock is decided elsewhere, or not told."""
NEW_FILES = ("TRUNCATE", "REFRESH MATERIALIZED VIEW")
"""They change the file also where they write no row anew."""


@pytest.fixture(scope="module")
def connection(pg18: Cluster) -> Iterator[psycopg.Connection]:
    with fresh(pg18) as dsn, psycopg.connect(dsn, autocommit=True) as session:
        session.execute(SETUP.encode())
        yield session


def mode(word: str) -> str:
    """AccessExclusive -> ACCESS EXCLUSIVE."""
    return "".join(f" {each}" if each.isupper() else each for each in word).strip().upper()


def held(connection: psycopg.Connection, names: dict[int, str]) -> dict[str, str]:
    """The strongest lock that this transaction holds on each table that was there before it."""
    strongest: dict[str, str] = {}
    for oid, word in connection.execute(HELD).fetchall():
        if oid in names:
            name = names[oid]
            strongest[name] = max(mode(word), strongest.get(name, mode(word)), key=LOCK_MODES.index)
    return strongest


@pytest.fixture(params=statements(f"{IN_TRANSACTION}{ONLY_18}"), ids=lambda statement: statement.text[:60])
def ran(connection: psycopg.Connection, request: pytest.FixtureRequest) -> Iterator[tuple[Statement, Any, Any]]:
    """A statement that has run in a transaction: its locks, and the tables whose files it has replaced."""
    before = connection.execute(TABLES).fetchall()
    connection.execute("begin")
    connection.execute(request.param.text.encode())
    locks = held(connection, {oid: name for oid, name, _ in before})
    after = {oid: node for oid, _, node in connection.execute(TABLES).fetchall()}
    yield request.param, locks, {name for oid, name, node in before if after.get(oid, node) != node}
    connection.execute("rollback")


def test_in_a_transaction(ran: tuple[Statement, dict[str, str], set[str]]) -> None:
    statement, locks, rewritten = ran
    found = analyse(statement)
    assert found.transactional
    if not (statement.text.startswith(OPAQUE) or any(action.cascade for action in found.actions)):
        told: dict[str, str | None] = {lock.table.removeprefix("public."): lock.mode for lock in found.locks}
        told |= UNSAID.get(statement.text, {})
        assert {table: mode for table, mode in told.items() if mode} == strong(locks, told)
    if found.kind not in NEW_FILES and found.actions[0].work != "unknown":
        assert bool(rewritten) is (found.actions[0].work == "rewrite")


def strong(locks: dict[str, str], told: dict[str, str | None]) -> dict[str, str]:
    """The locks without those in ACCESS SHARE that nobody has told: names are looked up under them."""
    return {table: mode for table, mode in locks.items() if table in told or mode != "ACCESS SHARE"}


@pytest.mark.parametrize("statement", statements(OUTSIDE), ids=lambda statement: statement.text)
def test_outside_of_transactions(connection: psycopg.Connection, statement: Statement) -> None:
    assert not analyse(statement).transactional
    connection.execute("begin")
    with pytest.raises(psycopg.errors.ActiveSqlTransaction):
        connection.execute(statement.text.encode())
    connection.execute("rollback")


def test_what_is_built_in(connection: psycopg.Connection) -> None:
    """The list is what this query gives on 18; what takes or gives internals, or needs quotes, nobody calls."""
    rows = connection.execute(
        """
        select proname, bool_or(provolatile = 'v') from pg_proc
        where pronamespace = 'pg_catalog'::regnamespace and prorettype not in ('internal'::regtype, 'cstring'::regtype)
          and not proargtypes::oid[] && array['internal'::regtype, 'cstring'::regtype]::oid[]
          and proname = lower(proname)
        group by proname
        """
    ).fetchall()
    assert built_in() == dict(rows)
