"""`emr-console retention`: what keeps the rows of each table, and what drops them."""

import argparse
from typing import TYPE_CHECKING

from console.cli import output
from console.cli.columns import Column
from console.cli.storage import hold, told
from console.cli.target import chosen

if TYPE_CHECKING:
    from console.services.storage.retention import Retained


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command, and what changes holds below it."""
    command = commands.add_parser("retention", help="what drops rows, what goes next, floors and legal holds")
    command.add_argument("--json", action="store_true", help="one JSON object")
    command.set_defaults(handler=retention)
    hold.register(command.add_subparsers(metavar="ACTION", parser_class=type(command)))


async def retention(args: argparse.Namespace) -> int:
    """Print every table that is divided, and every audit table."""
    from console.db.database import Database
    from console.services.storage.retention_reading import read_retention

    async with Database(chosen(args)) as db:
        server = await db.server()
        found = await read_retention(db)
    if args.json:
        told.answer(found.as_of, server, [table.as_json() for table in found.tables], found.missing)
        return 0
    output.table("", COLUMNS, [cells(table) for table in found.tables])
    told.narrate(args, found.tables, "No table here is divided, and none holds audit rows.", found.missing)
    for table in found.tables:
        for sentence in table.sentences:
            output.say(args, sentence)
    return 0


COLUMNS = (
    Column("table"),
    Column("dropped by"),
    Column("after", right=True),
    Column("floor", 4, right=True),
    Column("oldest", 2),
    Column("goes next", 2),
    Column("hold", 3),
)
"""What is shown of a table for a person."""


def cells(table: "Retained") -> list[str]:
    """One table as the cells of COLUMNS."""
    from console.services.storage.words import bound, going_words, span
    from console.units import age, number_of

    going = table.going
    return [
        table.label,
        table.rule.mechanism if table.rule else "nothing",
        span(table.drop_after, by_number=isinstance(table.oldest, int)),
        age(table.floor),
        bound(table.oldest) if table.oldest is not None else number_of(table.rows, "row") if table.rows else "",
        going_words(len(going), going[-1].end if going else None),
        ", ".join(hold.name for hold in table.holds),
    ]
