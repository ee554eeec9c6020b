"""Audit rows are counted before and after a rollback that no test of ours vouches for: whatever its words say."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext

from console.db.query import Query
from console.db.session import Session
from console.errors import Refused
from console.migrate.lint.linted import is_ours
from console.migrate.server_models import Relation
from console.migrate.step import Step, Up
from console.phi import AUDIT_FLOOR_DAYS, AUDIT_TABLES

_TABLES = Query(__package__, "audit_tables")


def kept(session: Session, step: Step) -> AbstractAsyncContextManager[None]:
    """Watch over the audit rows while a rollback runs that is none of the product's own, tested files."""
    if isinstance(step, Up) or is_ours(step.version, step.script):
        return nullcontext()
    return audit_rows_kept(session)


@asynccontextmanager
async def audit_rows_kept(session: Session) -> AsyncIterator[None]:
    """Refuse, inside the transaction, what leaves fewer young audit rows than it found.

    A table may be renamed, or its rows may have moved into others of an audit table's name.
    """
    before = await _young(session)
    yield
    if not before:
        return
    after = await _young(session, list(before))
    if sum(after.values()) < sum(before.values()):
        raise Refused(
            f"This would destroy audit rows that are younger than {AUDIT_FLOOR_DAYS} days:"
            f" {sum(before.values()):,} before, {sum(after.values()):,} after.",
            state="Its transaction was rolled back; nothing of it was changed.",
            hint="Let the file keep them, or roll back after a proved backup: --emergency --backup-dir DIR.",
        )


async def _young(session: Session, known: list[int] | None = None) -> dict[int, int]:
    """By oid: the young rows of every audit table, and of those that were one before."""
    tables = await session.fetch(_TABLES, Relation, names=list(AUDIT_TABLES), known=known or [])
    return {table.oid: await _rows(session, table) for table in tables}


async def _rows(session: Session, table: Relation) -> int:
    young = f" where created_at > pg_catalog.now() - interval '{AUDIT_FLOOR_DAYS} days'" if table.dated else ""
    _, ((rows,),) = await session.rows(f"select pg_catalog.count(*) from {table.name}{young}")
    return int(rows)
