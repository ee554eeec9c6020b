"""Reads tables with their parts as the service of storage knows them, all at once."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from console.db.database import Database
from console.db.pulse import PULSE
from console.services.capabilities import Ability, capabilities
from console.services.storage.chunks import look
from console.services.storage.models import PARTIAL, UNORDERED, Part
from console.services.storage.tables import (
    BESIDE,
    CHUNKS,
    MEMORY,
    PARTITIONS,
    Measures,
    Table,
    as_of,
    measured,
    read_tables,
)


@dataclass(frozen=True, slots=True)
class Stored:
    """All divided tables at one moment."""

    as_of: datetime
    """When, by the server's clock."""
    tables: Sequence[Table]
    """The tables with what their parts come to."""
    parts: Mapping[int, Sequence[Part]]
    """Chunks and partitions, by the number of their table."""
    shared_buffers: int
    """Bytes of the server's own cache."""


@dataclass(frozen=True, slots=True)
class PartlyCompressed:
    """Compressed chunks that hold rows outside their compressed ones, or batches in no order."""

    chunks: Sequence[str]
    """Their names."""
    compressed: int
    """Of how many compressed ones."""
    unknown: str = ""
    """Why nobody can tell; empty where it was told."""


async def read_storage(db: Database) -> Stored:
    """Everything from catalogues, in two round trips."""
    able = await capabilities(db)
    chunks = [CHUNKS] if able.has(Ability.HYPERTABLES) else []
    answers = await db.ask(PULSE, MEMORY, PARTITIONS, BESIDE, *chunks)
    parts = answers.rows(PARTITIONS) + (answers.rows(CHUNKS) if chunks else [])
    now, memory = as_of(answers), answers.rows(MEMORY)[0].shared_buffers
    measures = Measures(now, memory, measured(parts, answers.rows(BESIDE), now))
    of_table: dict[int, list[Part]] = defaultdict(list)
    for part in parts:
        of_table[part.parent].append(part)
    found = await read_tables(db, measures)
    return Stored(now, found.tables, of_table, memory)


async def read_partial(db: Database) -> PartlyCompressed:
    """Which chunks are partly compressed; reads the catalogue entry of each compressed chunk."""
    found = await read_tables(db)
    names: list[str] = []
    compressed = 0
    for table in found.tables:
        if table.divided.kind != "hypertable" or not (table.sums and table.sums.compressed):
            continue
        compressed += table.sums.compressed
        looked = await look(db, table.divided)
        if looked.partial_unknown:
            return PartlyCompressed((), compressed, looked.partial_unknown)
        names += [f"{oid}::regclass" for oid, bits in looked.status.items() if bits & (PARTIAL | UNORDERED)]
    return PartlyCompressed(names, compressed)
