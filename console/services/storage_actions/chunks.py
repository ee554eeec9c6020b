"""Compressing one chunk, giving it back its rows, and building its indexes anew."""

from collections.abc import Awaitable, Callable

from console.db.inline import inlined
from console.db.query import Query
from console.db.session import Session
from console.migrate.tries import Try
from console.services.capabilities import Ability, Capabilities
from console.services.storage.chunks import Chunk
from console.services.storage.models import Divided, Part
from console.services.storage.tables import CHUNKS
from console.services.storage_actions.partitions import place_of, spelled
from console.services.storage_actions.plan import MINUTES_15, Plan, Said
from console.units import bytes_text, count

WITHOUT_END = (Try(0, 0.0),)
"""One try that waits for a lock as long as the statement may take: nobody has to wait behind it."""

_COMPRESS = Query(__package__, "compress")
_DECOMPRESS = Query(__package__, "decompress")
_RECOMPRESS = Query(__package__, "recompress")
_RECOMPRESS_STRAY_ROWS = Query(__package__, "recompress_stray_rows")
_LEFTOVERS = Query(__package__, "leftovers")


def written(query: Query, able: Capabilities, **values: object) -> str:
    """A statement for TimescaleDB's functions, with its values, as it is shown and sent."""
    return inlined(query.in_schema(able.probe.schema_ or "public"), **values).strip()


def compress(able: Capabilities, table: Divided, chunk: Chunk) -> Plan:
    """Compress a chunk."""
    able.require(Ability.COMPRESSION)
    return _plan(
        able,
        table,
        chunk,
        _COMPRESS,
        verb="compress",
        consequence="Whoever reads or writes this chunk waits until it is compressed; other chunks are not concerned.",
    )


def decompress(able: Capabilities, table: Divided, chunk: Chunk) -> Plan:
    """Give a chunk back its rows."""
    able.require(Ability.COMPRESSION)
    size = chunk.part.bytes_before
    before = f", about {bytes_text(size)}" if size else ""
    return _plan(
        able,
        table,
        chunk,
        _DECOMPRESS,
        verb="decompress",
        consequence="Whoever reads or writes this chunk waits until it is done. It takes the room that it had"
        f"{before}; a compression policy compresses it again.",
    )


def recompress(able: Capabilities, table: Divided, chunk: Chunk) -> Plan:
    """Compress a chunk anew; before TimescaleDB 2.14 only what came since."""
    able.require(Ability.COMPRESSION)
    return _plan(
        able,
        table,
        chunk,
        _RECOMPRESS if able.has(Ability.RECOMPRESSION) else _RECOMPRESS_STRAY_ROWS,
        verb="recompress",
        consequence="Whoever reads or writes this chunk waits until it is compressed anew.",
    )


def reindex(table: Divided, chunk: Chunk) -> Plan:
    """Build the indexes of a chunk or a partition anew, while others read and write it."""
    part = chunk.part
    name = spelled(part.schema_name, part.chunk_name)
    return Plan(
        kind="chunk.reindex",
        target=_told(part),
        title=f"Build the indexes of {part.label} anew",
        label=part.chunk_name,
        facts=_facts(table, chunk),
        statements=(f"reindex table concurrently {name}",),
        consequence="Others go on reading and writing it. It waits for transactions that are older than itself.",
        verb="reindex",
        by_itself=True,
        patience=MINUTES_15,
        schedule=WITHOUT_END,
        left=_left(name),
    )


def _left(name: str) -> Callable[[Session], Awaitable[str]]:
    async def left(session: Session) -> str:
        """What a rebuild leaves that was stopped."""
        _, found = await session.rows(inlined(_LEFTOVERS, table=name))
        unfinished = "; ".join(f"DROP INDEX CONCURRENTLY {index}" for (index,) in found)
        return f"Its indexes are as they were. What was begun can be taken away: {unfinished}." if unfinished else ""

    return left


def _plan(able: Capabilities, table: Divided, chunk: Chunk, query: Query, *, verb: str, consequence: str) -> Plan:
    part = chunk.part

    async def verify(session: Session) -> Said:
        """The chunk as it is now."""
        found = {each.oid: each for each in await session.fetch(CHUNKS.query, Part, oid=table.oid)}
        return _said(found.get(part.oid))

    return Plan(
        kind=f"chunk.{verb}",
        target=_told(part),
        title=f"{verb.capitalize()} {part.label}",
        label=part.chunk_name,
        facts=_facts(table, chunk),
        statements=(written(query, able, chunk=spelled(part.schema_name, part.chunk_name)),),
        consequence=consequence,
        verb=verb,
        patience=MINUTES_15,
        verify=verify,
    )


def _said(part: Part | None) -> Said:
    if part is None:
        return Said("It is gone: somebody has dropped it meanwhile.")
    if not part.compressed:
        return Said("It is not compressed.", {"compressed": False})
    before, after = part.bytes_before, part.heap_bytes
    shrunk = f": {bytes_text(before)} became {bytes_text(after)}" if before and after else ""
    return Said(f"It is compressed{shrunk}.", {"compressed": True, "bytes_before": before, "bytes_after": after})


def _facts(table: Divided, chunk: Chunk) -> tuple[tuple[str, str], ...]:
    size, rows = bytes_text(chunk.bytes), count(chunk.part.rows)
    known = (("table", place_of(table).told), ("size", f"about {size}"), ("rows", f"about {rows}"))
    return tuple((label, value) for label, value in known if value != "about ")


def _told(part: Part) -> str:
    return f"{part.schema_name}.{part.chunk_name}"
