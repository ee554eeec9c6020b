"""`emr-console aggregates`: continuous aggregates and materialized views, and how far behind each is."""

import argparse
from typing import TYPE_CHECKING

from console.cli import output
from console.cli.columns import Column
from console.cli.storage import told
from console.cli.target import chosen

if TYPE_CHECKING:
    from console.services.storage.aggregates import Aggregate


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    command = commands.add_parser(
        "aggregates", help="continuous aggregates and materialized views: lag, ranges to refresh"
    )
    command.add_argument("--json", action="store_true", help="one JSON object")
    command.set_defaults(handler=aggregates)


async def aggregates(args: argparse.Namespace) -> int:
    """Print every aggregate."""
    from console.db.database import Database
    from console.services.storage.aggregates import read_aggregates

    async with Database(chosen(args)) as db:
        server = await db.server()
        found = await read_aggregates(db)
    if args.json:
        told.answer(found.as_of, server, [each.as_json() for each in found.aggregates], found.missing)
        return 0
    output.table("", COLUMNS, [cells(each) for each in found.aggregates])
    told.narrate(args, found.aggregates, "There is no aggregate here.", found.missing)
    for each in found.aggregates:
        if each.conflict:
            output.say(args, f"{each.label}: {each.conflict}")
    return 0


COLUMNS = (
    Column("view"),
    Column("kind", 4),
    Column("watermark", 3),
    Column("lag", right=True),
    Column("allowed", 2, right=True),
    Column("real-time", 5),
    Column("pending", right=True),
    Column("orphans", 2, right=True),
    Column("last refresh", 2),
)
"""What is shown of an aggregate for a person."""


def cells(each: "Aggregate") -> list[str]:
    """One aggregate as the cells of COLUMNS."""
    from console.services.storage.words import bound
    from console.units import age, count

    known = each.continuous
    return [
        each.label,
        "continuous" if known else "materialized",
        bound(known.mark) if known else "",
        age(each.lag),
        age(each.allowed),
        ("yes" if known.realtime else "no") if known else "",
        count(known.pending) if known else "",
        count(known.orphans) if known else "",
        bound(each.last_refresh),
    ]
