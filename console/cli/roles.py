"""`emr-console roles`: who may do what in this database, and what is missing until it is right."""

import argparse
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from console.cli import confirm, output
from console.cli.columns import Column
from console.cli.target import chosen, reading
from console.errors import Interrupted
from console.units import number_of

if TYPE_CHECKING:
    from console.db.session import Session
    from console.services.roles.models import Change

_COLUMNS = (Column("statement", least=40, folds=True), Column("why", 2, least=20))


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command and what belongs to it."""
    roles = commands.add_parser("roles", help="the platform's roles and their rights: what differs, and mend it")
    actions = roles.add_subparsers(metavar="ACTION", required=True, parser_class=type(roles))
    for name, what, handler in (
        ("plan", "what would be changed, and why", plan),
        ("apply", "change it, all of it or nothing", apply),
    ):
        action = actions.add_parser(name, help=what)
        action.add_argument("--json", action="store_true", help="one JSON object")
        action.set_defaults(handler=handler)
    action.add_argument("--yes", action="store_true", help="do not ask")


async def plan(args: argparse.Namespace) -> int:
    """Print what differs; nothing is changed."""
    from console.services.roles import service

    async with await reading(chosen(args)) as session:
        server = await session.server()
        changes = await service.plan(session)
    if args.json:
        output.answer(datetime.now(UTC), server, rows=_rows(changes))
    else:
        _show(args, changes)
    return 0


async def apply(args: argparse.Namespace) -> int:
    """Change what differs, after a yes."""
    from console.db.database import LANES
    from console.db.session import Session
    from console.services.roles import service

    target = chosen(args)
    async with await Session.open(target, "act", settings=LANES["act"]) as session:
        await session.server()
        changes = await service.plan(session)
        if not args.json:
            _show(args, changes)
        if changes:
            await confirm.change(args, f"{target.describe()}: this executes {_statements(changes)}.")
            await _all_or_nothing(args, session, changes)
    if args.json:
        output.data({"done": _rows(changes)})
    _say_passwords(args, changes)
    return 0


async def _all_or_nothing(args: argparse.Namespace, session: "Session", changes: "Sequence[Change]") -> None:
    from asyncio import CancelledError

    from console.services.roles import service

    try:
        await service.apply(session, changes)
        args.ending.hear_no_more()
    except CancelledError:
        raise Interrupted(
            "Interrupted while rights were being changed.",
            state="Either all of it was changed or nothing.",
            hint="See emr-console roles plan.",
        ) from None


def _statements(changes: "Sequence[Change]") -> str:
    return number_of(len(changes), "statement")


def _rows(changes: "Sequence[Change]") -> list[dict[str, str]]:
    return [change.model_dump() for change in changes]


def _show(args: argparse.Namespace, changes: "Sequence[Change]") -> None:
    if not changes:
        output.say(args, "Roles and rights are as they should be.")
        return
    output.table("", _COLUMNS, [(c.statement, c.reason) for c in changes])


def _say_passwords(args: argparse.Namespace, changes: "Sequence[Change]") -> None:
    """A new role has no password; it is set where it is not written down."""
    for change in changes:
        if change.statement.startswith("CREATE ROLE") and change.statement.endswith(" LOGIN"):
            name = change.statement.split()[2]
            output.say(args, f"{name} has no password yet; in psql: \\password {name}")
