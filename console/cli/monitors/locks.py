"""`emr-console locks`: who blocks whom, root blockers first."""

import argparse
import sys
from typing import TYPE_CHECKING

from console.cli import output
from console.cli.columns import Column
from console.cli.target import chosen

if TYPE_CHECKING:
    from console.panes.locks.tree import Branch


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    command = commands.add_parser("locks", help="who blocks whom, root blockers first")
    command.add_argument("--json", action="store_true", help="one JSON object")
    command.set_defaults(handler=locks)


async def locks(args: argparse.Namespace) -> int:
    """Print the lock tree once; query texts have no literals."""
    from console.db.database import Database
    from console.panes.locks import service
    from console.panes.locks.tree import grow

    async with Database(chosen(args)) as db:
        server = await db.server()
        found = await service.snapshot(db)
    tree = grow(found.parties)
    if args.json:
        rows = [branch.as_json() for branch in tree if branch.again is None]
        output.answer(found.as_of, server, rows=rows)
        return 0
    output.table("", COLUMNS, [cells(branch) for branch in tree])
    if not tree:
        output.say(args, "No blocked sessions.")
    if found.grant:
        output.say(args, f"What some of them do is hidden from this role; a superuser can show it: {found.grant}")
    return 0


COLUMNS = (
    Column("session"),
    Column("blocks", right=True),
    Column("waited", right=True),
    Column("state"),
    Column("wants", 2),
    Column("on", 2, least=12),
    Column("holds", 5),
    Column("application", 4, least=11),
    Column("statement", 3, least=18),
)
"""What is shown of a line for a person."""


def cells(branch: "Branch") -> list[str]:
    """One line as the cells of COLUMNS."""
    from console.panes.locks.words import doing, named, wish
    from console.services.activity import visible
    from console.services.locking.words import mode, place
    from console.units import age

    party, lines = branch.party, _drawable(branch.lines)
    if branch.again:
        return [f"{lines}>", "", "", "", "", "", "", "", branch.note]
    return [
        lines + named(party),
        str(branch.blocks or ""),
        age(party.waited),
        doing(party),
        wish(party),
        place(branch.on) if branch.on else "",
        mode(party.mode_held),
        party.application or "",
        visible(party.query_text) or "",
    ]


def _drawable(lines: str) -> str:
    """Tree lines that stdout can show."""
    from console.ui.terminal import in_ascii

    encoding = getattr(sys.stdout, "encoding", None) or ""
    return lines if encoding.lower().replace("-", "") == "utf8" else in_ascii(lines)
