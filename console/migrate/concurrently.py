"""Statements with CONCURRENTLY: which index they are about, and what one that was interrupted has left behind."""

from dataclasses import dataclass
from typing import Literal

from console.db.query import Query
from console.db.session import Session
from console.migrate.kinds.analyse import analyse
from console.migrate.server_models import Index
from console.sql.lexer import Statement

_NAMED = Query(__package__, "index_named")
_UNFINISHED = Query(__package__, "indexes_unfinished")


@dataclass(frozen=True, slots=True)
class Concurrent:
    """A statement that builds or drops indexes without stopping the writers, in several transactions of its own."""

    action: Literal["create", "drop", "reindex"]
    """What it does."""
    index: str | None
    """The index as it is written; None where the statement names a table, or leaves the name to the server."""
    table: str | None
    """The table as it is written; None where the statement names an index."""


def concurrent(statement: Statement) -> Concurrent | None:
    """What a statement with CONCURRENTLY is about; None for every other.

    >>> from console.sql.lexer import split
    >>> [found] = split('create unique index concurrently if not exists i on only ward."Bed" (a)')
    >>> concurrent(found)
    Concurrent(action='create', index='i', table='ward."Bed"')
    """
    if "concurrently" not in (token.lower() for token in statement.tokens):
        return None
    action = analyse(statement).actions[0]
    if action.kind == "CREATE INDEX CONCURRENTLY":
        (made,) = action.creates
        return Concurrent("create", made.name or None, made.of)
    if action.kind == "DROP INDEX CONCURRENTLY":
        return Concurrent("drop", action.drops[0].name, None)
    if action.kind in ("REINDEX INDEX CONCURRENTLY", "REINDEX TABLE CONCURRENTLY"):
        (thing,) = action.alters
        return Concurrent("reindex", *((thing.name, None) if thing.kind == "index" else (None, thing.name)))
    return None


async def is_done(session: Session, what: Concurrent) -> bool | None:
    """Whether an interrupted statement has come to its end; None where the server chose the index's name.

    A REINDEX says it nowhere, and can be repeated.
    """
    if what.action == "reindex":
        return False
    if what.index is None:
        return None
    found = await session.fetch(_NAMED, Index, name=what.index, table=what.table)
    return not found if what.action == "drop" else any(index.valid for index in found)


async def unfinished(session: Session, what: Concurrent) -> list[str]:
    """The indexes that an interrupted CREATE or REINDEX has left invalid: writers keep them, nobody reads them."""
    if what.action == "drop" or (what.action == "create" and what.index is None):
        return []
    found = await session.fetch(_UNFINISHED, Index, name=what.index, table=what.table, action=what.action)
    return [index.name for index in found]
