"""`emr-console chunks`: the chunks of a hypertable, or the partitions of a table."""

import argparse
from typing import TYPE_CHECKING

from console.cli import output
from console.cli.columns import Column
from console.cli.storage import told
from console.cli.target import chosen

if TYPE_CHECKING:
    from datetime import datetime

    from console.services.storage.chunks import Chunk


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    command = commands.add_parser("chunks", help="chunks or partitions: range, size, state, which go next")
    command.add_argument("table", metavar="TABLE", nargs="?", help="of this table only, as hypertables lists it")
    command.add_argument("--json", action="store_true", help="one JSON object")
    command.set_defaults(handler=chunks)


async def chunks(args: argparse.Namespace) -> int:
    """Print every chunk of one table, or of all; sizes and rows are those of the last ANALYZE."""
    from console.db.database import Database
    from console.services.storage.chunks import look, read_chunks
    from console.services.storage.tables import named, read_tables

    async with Database(chosen(args)) as db:
        server = await db.server()
        known = await read_tables(db)
        tables = [named(known.tables, args.table)] if args.table else known.tables
        found = [await read_chunks(db, table.divided, await look(db, table.divided)) for table in tables]
    of_table = [(chunks.table.label, chunk) for chunks in found for chunk in chunks.chunks]
    unknown = sorted({chunks.looked.partial_unknown for chunks in found if chunks.looked} - {""})
    missing = [*known.missing, *unknown]
    if args.json:
        told.answer(known.as_of, server, [chunk.as_json(table) for table, chunk in of_table], missing)
        return 0
    output.table("", COLUMNS, [cells(table, chunk, known.as_of) for table, chunk in of_table])
    told.narrate(args, of_table, "There is no chunk here.", missing)
    return 0


COLUMNS = (
    Column("table", 5),
    Column("chunk", 3),
    Column("from"),
    Column("to", 2),
    Column("state"),
    Column("size ≈", right=True),
    Column("rows ≈", 4, right=True),
    Column("created", 7),
    Column("drops", 2, right=True),
)
"""What is shown of a chunk for a person."""


def cells(table: str, chunk: "Chunk", now: "datetime") -> list[str]:
    """One chunk as the cells of COLUMNS."""
    from console.services.storage.words import ahead, bound
    from console.units import bytes_text, count

    return [
        table,
        chunk.part.label,
        bound(chunk.start),
        bound(chunk.end),
        chunk.state,
        bytes_text(chunk.bytes),
        count(chunk.part.rows),
        bound(chunk.part.created),
        "next" if chunk.next_to_drop else ahead(chunk.drops_at, now),
    ]
