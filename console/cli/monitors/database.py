"""`emr-console database`, `tables`, `indexes`, `replication` and `progress`: the database pane, once."""

import argparse
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from console.cli import output
from console.cli.target import chosen

if TYPE_CHECKING:
    from console.db.database import Database

EXACT = "sizes as they are on disk; looks at every file"
"""What --exact does."""


class Row(Protocol):
    """One row of whichever list."""

    def as_json(self) -> dict[str, object]:
        """As a script reads it."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a command prints."""

    as_of: datetime
    """When it was, by the server's clock."""
    rows: Sequence[Row]
    """What --json has under `rows`."""
    lines: Sequence[Any]
    """What a person sees a line of each of; cells of its columns are in database_cells."""
    told: Sequence[str] = ()
    """What has to be known besides."""


Reader = Callable[["Database", argparse.Namespace], Awaitable[Found]]
"""Reads what a command prints."""


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the commands."""
    for name, (help_line, reader, measures) in COMMANDS.items():
        command = commands.add_parser(name, help=help_line)
        command.add_argument("--json", action="store_true", help="one JSON object")
        if measures:
            command.add_argument("--exact", action="store_true", help=EXACT)
        command.set_defaults(handler=show, reader=reader, name=name)


async def show(args: argparse.Namespace) -> int:
    """Print one list."""
    from console.cli.monitors.database_cells import TABLES
    from console.db.database import Database

    async with Database(chosen(args)) as db:
        server = await db.server()
        found: Found = await args.reader(db, args)
    if args.json:
        output.answer(found.as_of, server, rows=[row.as_json() for row in found.rows])
        return 0
    columns, cells = TABLES[args.name]
    output.table("", columns, [cells(line) for line in found.lines])
    for line in filter(None, found.told):
        output.say(args, line)
    return 0


async def _database(db: "Database", args: argparse.Namespace) -> Found:
    from console.panes.database.summary import service
    from console.panes.database.summary.figures import figures, since_text

    watch = service.Watch(db)
    watch.exact = await service.measure(db) if args.exact else None
    summary = await watch.refresh()
    return Found(summary.as_of, [summary], figures(summary), [f"Totals count {since_text(summary)}."])


async def _tables(db: "Database", args: argparse.Namespace) -> Found:
    from console.panes.database.tables import service
    from console.panes.database.tables.models import measured

    sizes = await service.measure(db) if args.exact else {}
    found = await service.read_tables(db)
    tables = measured(found.tables, sizes)
    return Found(
        found.as_of, tables, tables, [found.remark, "" if tables else "This database has no tables of its own."]
    )


async def _indexes(db: "Database", args: argparse.Namespace) -> Found:
    from console.panes.database.indexes import service
    from console.panes.database.indexes.models import measured

    sizes = await service.measure(db) if args.exact else {}
    found = await service.read_indexes(db)
    indexes = measured(found.indexes, sizes)
    return Found(
        found.as_of, indexes, indexes, [found.remark, "" if indexes else "No table of this database has an index."]
    )


async def _replication(db: "Database", args: argparse.Namespace) -> Found:
    from console.panes.database.replication.service import read_replication

    found = await read_replication(db)
    alone = "" if found.links else "Nobody follows this server, and no slot keeps WAL."
    hidden = f"Followers are hidden from this role; a superuser can show them: {found.grant}" if found.grant else ""
    return Found(found.as_of, found.links, found.links, [alone, hidden])


async def _progress(db: "Database", args: argparse.Namespace) -> Found:
    from console.panes.database.progress.service import read_progress

    found = await read_progress(db)
    nothing = "" if found.rows else "Nothing is under way that reports its progress."
    hidden = f"Some of it is hidden from this role; a superuser can show it: {found.grant}" if found.grant else ""
    return Found(found.as_of, found.rows, found.rows, [nothing, hidden])


COMMANDS: dict[str, tuple[str, Reader, bool]] = {
    "database": ("size, cache hits, transactions, checkpoints, freeze age, TLS, settings", _database, True),
    "tables": ("sizes, rows, dead rows, last vacuum and analyze; parts count with their table", _tables, True),
    "indexes": ("sizes and use; which are broken, double or unused, and how to be rid of them", _indexes, True),
    "replication": ("standbys and how far behind, slots and the WAL that they keep", _replication, False),
    "progress": ("vacuums, index builds, base backups and copies, and how far each is", _progress, False),
}
"""What each is for, how it is read, and whether it has sizes to measure."""
