"""Rows that have to be kept are counted before and after a file that no test of ours vouches for, whatever it says."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext

from console.db.query import Query
from console.db.session import Session
from console.errors import Refused
from console.migrate.failed import ROLLED_BACK
from console.migrate.lint.linted import is_ours
from console.migrate.server_models import Relation
from console.migrate.step import Step, Up
from console.phi import AUDIT_FLOOR_DAYS, AUDIT_TABLES

_AUDIT = Query(__package__, "audit_tables")
_HELD = Query(__package__, "held_tables")


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
    names = list(AUDIT_TABLES)
    before = await _counted(session, await session.fetch(_AUDIT, Relation, names=names, known=[]))
    yield
    if not before:
        return
    after = await _counted(session, await session.fetch(_AUDIT, Relation, names=names, known=list(before)))
    if sum(after.values()) < sum(before.values()):
        raise Refused(
            f"This would destroy audit rows that are younger than {AUDIT_FLOOR_DAYS} days: {_told(before, after)}.",
            state=ROLLED_BACK,
            hint="Let the file keep them, or roll back after a proved backup: --emergency --backup-dir DIR.",
        )


@asynccontextmanager
async def held_rows_kept(session: Session, step: Step) -> AsyncIterator[None]:
    """The same for rows of tables under legal hold, in either direction and backup or not."""
    before: dict[int, int] = {}
    if not is_ours(step.version, step.script):
        before = await _counted(session, await session.fetch(_HELD, Relation, known=[]))
    yield
    if not before:
        return
    after = await _counted(session, await session.fetch(_HELD, Relation, known=list(before)))
    if sum(after.values()) < sum(before.values()):
        raise Refused(
            f"This would destroy rows that are under legal hold: {_told(before, after)}.",
            state=ROLLED_BACK,
            hint="Let the file keep them, or let whoever placed the hold release it: emr-console retention.",
        )


def _told(before: Mapping[int, int], after: Mapping[int, int]) -> str:
    return f"{sum(before.values()):,} before, {sum(after.values()):,} after"


async def _counted(session: Session, tables: Sequence[Relation]) -> dict[int, int]:
    """Rows by oid; where the table says when a row was made, only the young ones."""
    return {table.oid: await _rows(session, table) for table in tables}


async def _rows(session: Session, table: Relation) -> int:
    young = f" where created_at > pg_catalog.now() - interval '{AUDIT_FLOOR_DAYS} days'" if table.dated else ""
    _, ((rows,),) = await session.rows(f"select pg_catalog.count(*) from {table.name}{young}")
    return int(rows)
