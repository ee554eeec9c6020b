"""`emr-console hypertables`: hypertables and tables partitioned by range, and what their parts come to."""

import argparse
from typing import TYPE_CHECKING

from console.cli import output
from console.cli.columns import Column
from console.cli.storage import told
from console.cli.target import chosen

if TYPE_CHECKING:
    from console.services.storage.tables import Table


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    command = commands.add_parser("hypertables", help="hypertables and partitioned tables: chunks, sizes, policies")
    command.add_argument("--json", action="store_true", help="one JSON object")
    command.set_defaults(handler=hypertables)


async def hypertables(args: argparse.Namespace) -> int:
    """Print every table that is divided; sizes and rows are those of the last ANALYZE."""
    from console.db.database import Database
    from console.services.storage.tables import measure_tables, read_tables

    async with Database(chosen(args)) as db:
        server = await db.server()
        found = await read_tables(db, await measure_tables(db))
    if args.json:
        told.answer(found.as_of, server, [table.as_json() for table in found.tables], found.missing)
        return 0
    output.table("", COLUMNS, [cells(table) for table in found.tables])
    told.narrate(args, found.tables, "No table here is a hypertable, or partitioned by range.", found.missing)
    return 0


COLUMNS = (
    Column("table"),
    Column("chunks", right=True),
    Column("compressed", 3, right=True),
    Column("size ≈", right=True),
    Column("ratio", 3, right=True),
    Column("rows/batch", 5, right=True),
    Column("interval", 2, right=True),
    Column("compress", 4, right=True),
    Column("drop", 2, right=True),
    Column("in default", 6, right=True),
)
"""What is shown of a table for a person."""


def cells(table: "Table") -> list[str]:
    """One table as the cells of COLUMNS."""
    from console.services.storage.tables import limit
    from console.services.storage.words import span
    from console.units import bytes_text, count

    sums, by_number = table.sums, table.by_number
    return [
        table.label,
        count(sums.chunks if sums else 0),
        count(sums.compressed if sums else 0),
        bytes_text(table.bytes),
        f"{sums.ratio:.1f}" if sums and sums.ratio else "",
        count(sums.rows_per_batch if sums else None),
        span(table.width, by_number=by_number),
        span(limit(table.compress), by_number=by_number),
        span(limit(table.drop), by_number=by_number),
        count(sums.default_rows if sums else None),
    ]
