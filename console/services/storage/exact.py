"""What chunks really take and hold: read from every file and every row, on a person's request alone."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from console.db.database import Database
from console.db.identifiers import quote
from console.db.query import Query
from console.db.session import Session
from console.errors import TimedOut
from console.services.capabilities import capabilities
from console.services.storage.chunks import Chunk
from console.services.storage.definition_models import Size
from console.services.storage.models import Divided, Part

PATIENCE = 5.0
"""Seconds after which the answer is given up; a lock is waited for one second only."""

_SIZES = Query(__package__, "exact")
_CHUNK_SIZES = Query(__package__, "exact_chunks")


@dataclass(frozen=True, slots=True)
class Exact:
    """What one chunk or partition really is."""

    chunk: Chunk
    """Which."""
    bytes: int | None
    """All its files: rows, indexes, TOAST, and what is compressed; None where it is gone by now."""
    rows: int | None
    """All its rows; None where row security hides some of them from our role."""


async def measure(db: Database, table: Divided, chunks: Sequence[Chunk]) -> list[Exact]:
    """Bytes and rows of some chunks of a table; cancelling the task stops it on the server.

    Raises TimedOut after PATIENCE, LockTimeout where one of them is being compressed.
    """
    schema = (await capabilities(db)).probe.schema_
    try:
        async with asyncio.timeout(PATIENCE), db.asking() as session:
            return await _measured(session, table, chunks, schema)
    except TimeoutError:
        raise TimedOut(
            f"Measuring was given up after {PATIENCE:.0f} seconds.",
            state="Nothing was changed, and nothing of it goes on in the server.",
            hint="Mark fewer chunks, or take the sizes of the last ANALYZE.",
        ) from None


async def _measured(session: Session, table: Divided, chunks: Sequence[Chunk], schema: str | None) -> list[Exact]:
    query = _CHUNK_SIZES.in_schema(schema) if table.kind == "hypertable" and schema is not None else _SIZES
    params = {"parent": table.oid} if query is not _SIZES else {}
    sizes = await session.fetch(query, Size, oids=[chunk.part.oid for chunk in chunks], **params)
    known = {size.oid: size for size in sizes}
    return [await _exact(session, chunk, known.get(chunk.part.oid)) for chunk in chunks]


async def _exact(session: Session, chunk: Chunk, size: Size | None) -> Exact:
    if size is None:
        return Exact(chunk, None, None)
    return Exact(chunk, size.bytes, None if size.hidden else await _count(session, chunk.part))


async def _count(session: Session, part: Part) -> int:
    _, ((rows,),) = await session.rows(f"select count(*) from {quote(part.schema_name)}.{quote(part.chunk_name)}")
    return int(rows)
