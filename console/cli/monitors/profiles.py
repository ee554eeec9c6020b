"""`emr-console profiles`: every configured server at a glance."""

import argparse
from typing import TYPE_CHECKING

from console.cli import output
from console.cli.columns import Column

if TYPE_CHECKING:
    from console.panes.fleet.models import Member


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    command = commands.add_parser("profiles", help="every configured server at a glance")
    command.add_argument("--json", action="store_true", help="one JSON object")
    command.set_defaults(handler=profiles)


async def profiles(args: argparse.Namespace) -> int:
    """Ask every configured server once, all at the same time; never asks for a password."""
    from console.config.choose import here
    from console.panes.fleet.service import Fleet

    here()  # libpq must mix nothing into the profiles' connections
    found = await Fleet().look()
    if args.json:
        rows = [member.as_json() for member in found.members]
        output.data({"as_of": found.as_of, "path": found.path, "rows": rows})
    elif found.members:
        output.table("", COLUMNS, [cells(member) for member in found.members])
    else:
        output.say(args, f"No server is configured: there is no profile in {found.path}.")
    return 0


COLUMNS = (
    Column("profile"),
    Column("environment", 6),
    Column("host", 5, least=8),
    Column("database", 7),
    Column("state"),
    Column("version", 4),
    Column("flavour", 8),
    Column("connections", 3),
    Column("blocked", 3, right=True),
    Column("transaction", 3, right=True),
    Column("migrations", 3),
    Column("lag", 4, right=True),
    Column("trouble", 2, least=16),
)
"""What is shown of a server for a person."""


def cells(member: "Member") -> list[str]:
    """One server as the cells of COLUMNS."""
    from console.units import age

    profile, found = member.profile, member.found
    start = [profile.name, profile.environment or "", profile.host, profile.database]
    if found is None:
        return [*start, "away", "", "", "", "", "", "", "", member.error]
    return [
        *start,
        found.role,
        found.version,
        found.flavour,
        of(found.connections, found.connection_limit),
        "" if found.blocked is None else str(found.blocked),
        age(found.longest_transaction),
        of(found.applied, found.migrations),
        age(found.lag),
        "",
    ]


def of(part: int | None, whole: int | None) -> str:
    """How many of how many, as far as that is known.

    >>> of(5, 6), of(None, 6), of(None, None)
    ('5/6', '?/6', '')
    """
    return "" if whole is None else f"{'?' if part is None else part}/{whole}"
