"""`emr-console migrate history`: what has been done to this schema, by whom, when and why."""

import argparse
from typing import TYPE_CHECKING

from console.cli import output
from console.cli.columns import Column
from console.cli.migrate.options import add_action, folder_of
from console.cli.target import reading, target_and_role
from console.errors import Exit
from console.iso import to_second

if TYPE_CHECKING:
    from console.migrate.journal_models import Happened

_COLUMNS = (
    Column("when (UTC)"),
    Column("version"),
    Column("what"),
    Column("by", 2, least=12),
    Column("why", 3, least=12),
    Column("error", 4, least=16),
)


def register(actions: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the action."""
    action = add_action(actions, "history", "what has been done, by whom, when and why", history)
    action.add_argument("version", nargs="?", metavar="V", help="only this migration")
    action.add_argument(
        "--limit", metavar="N", type=rows, default=50, help="the newest N events, 50 if nothing is said"
    )


def rows(text: str) -> int:
    """How many rows, as it is typed."""
    number = int(text)
    if not 0 < number <= 1_000_000:
        raise ValueError(text)
    return number


async def history(args: argparse.Namespace) -> int:
    """Print the newest events."""
    from console.migrate.history import history as read_history

    folder, (target, _) = folder_of(args), target_and_role(args)
    async with await reading(target) as session:
        found = await read_history(session, folder, version=args.version, limit=args.limit)
        server = await session.server()
    if args.json:
        rows = [event.model_dump() for event in found.rows]
        output.answer(found.as_of, server, note=found.note, rows=rows)
        return Exit.OK
    output.table("", _COLUMNS, [_cells(event) for event in found.rows])
    if found.note:
        output.say(args, found.note)
    return Exit.OK


def _cells(event: "Happened") -> list[str]:
    from console.migrate.history import sentence

    return [
        to_second(event.at),
        event.version or "",
        sentence(event),
        event.who,
        event.reason or "",
        str(event.detail.get("message") or event.detail.get("evidence") or ""),
    ]
