"""`emr-console migrate`: where the schema stands, forwards, backwards, and whether it is what the migrations say."""

import argparse
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import TYPE_CHECKING, Any

from console.cli import confirm
from console.cli.target import chosen
from console.errors import Exit, UsageError

if TYPE_CHECKING:
    from console.db.session import Session
    from console.db.target import Target
    from console.migrate.files import Folder
    from console.migrate.selection import Back

Handler = Callable[[argparse.Namespace], Coroutine[Any, Any, int]]
"""What runs a command."""


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command and what belongs to it."""
    migrate = commands.add_parser("migrate", help="where the schema stands; apply, roll back, verify")
    actions = migrate.add_subparsers(metavar="ACTION", required=True, parser_class=type(migrate))
    _action(actions, "status", "where every migration stands", status)
    _action(actions, "verify", "whether the schema is what the migrations say", verify)
    forwards = _action(actions, "up", "apply what is pending", up)
    forwards.add_argument("--to", metavar="V", help="stop after this migration, such as 003")
    forwards.add_argument("--out-of-order", action="store_true", help="also what is older than the last one applied")
    backwards = _action(actions, "down", "roll back", down)
    how_far = backwards.add_mutually_exclusive_group(required=True)
    how_far.add_argument("--last", action="store_true", help="the one migration that was applied last")
    how_far.add_argument("--to", metavar="V", help="everything applied after this one, which stays")
    how_far.add_argument("--all", action="store_true", help="everything")
    backwards.add_argument("--confirm", metavar="DATABASE", help="the database's name: for --all, and on production")
    for changing in (forwards, backwards):
        changing.add_argument("--yes", action="store_true", help="do not ask")
        changing.add_argument("--reason", metavar="TEXT", help="why, for the record")
        changing.add_argument("--lock-wait", metavar="SECONDS", type=float, default=0.0, help="while others migrate")


def _action(
    actions: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, what: str, handler: Handler
) -> argparse.ArgumentParser:
    action = actions.add_parser(name, help=what)
    action.add_argument("--json", action="store_true", help="for scripts: one object, or one a line")
    action.add_argument("--migrations", metavar="DIR", type=Path, help="another folder of migrations")
    action.add_argument("--flavour", choices=("timescale", "plain"), help="instead of what the server offers")
    action.set_defaults(handler=handler)
    return action


async def status(args: argparse.Namespace) -> int:
    """Print where every migration stands; nothing is created."""
    from console.cli import migrate_tables
    from console.migrate.status import status as read_status

    folder = _folder(args)
    async with await _reading(chosen(args)) as session:
        found = await read_status(session, folder, flavour=args.flavour)
    migrate_tables.show_status(args, found)
    return found.exit


async def verify(args: argparse.Namespace) -> int:
    """Print every check of every applied migration; 1 if one does not hold."""
    from console.cli import migrate_tables
    from console.migrate.verify import verify_applied

    folder = _folder(args)
    async with await _reading(chosen(args)) as session:
        found = await verify_applied(session, folder, flavour=args.flavour)
    migrate_tables.show_checks(args, found)
    return Exit.OK if all(check.ok for check in found) else Exit.FINDINGS


async def up(args: argparse.Namespace) -> int:
    """Apply what is pending, after a yes."""
    from console.cli.migrate_run import narrated
    from console.migrate.terms import Terms
    from console.migrate.up import up as apply

    if args.out_of_order and not args.reason:
        raise UsageError("--out-of-order needs --reason TEXT.", state=confirm.UNCHANGED)
    folder, target = _folder(args), chosen(args)
    confirmed = None if args.yes else await _agree_up(args, target, folder)
    terms = Terms(_role(target), args.flavour, args.lock_wait, args.reason, confirmed)
    return await narrated(
        args, lambda report: apply(target, folder, report, terms, to=args.to, out_of_order=args.out_of_order)
    )


async def down(args: argparse.Namespace) -> int:
    """Roll back, after the name was typed or given."""
    from console.cli.migrate_run import narrated
    from console.migrate.down import down as undo
    from console.migrate.selection import Back
    from console.migrate.terms import Terms

    back = Back(to=args.to, all=args.all)
    folder, target = _folder(args), chosen(args)
    confirmed, reason = await _agree_down(args, target, folder, back)
    terms = Terms(_role(target), args.flavour, args.lock_wait, reason, confirmed)
    return await narrated(args, lambda report: undo(target, folder, report, terms, back))


async def _agree_up(args: argparse.Namespace, target: "Target", folder: "Folder") -> list[str]:
    """What would be applied, once a person has agreed to it."""
    from console.migrate.selection import for_up
    from console.migrate.standing import read_standing

    async with await _reading(target) as session:
        standing = await read_standing(session, folder, args.flavour)
    labels = [migration.label for migration in for_up(standing, to=args.to, out_of_order=args.out_of_order)]
    if labels:
        await confirm.change(args, f"{target.describe()}: this applies {', '.join(labels)}.")
    return labels


async def _agree_down(
    args: argparse.Namespace, target: "Target", folder: "Folder", back: "Back"
) -> tuple[list[str], str | None]:
    """What would be undone and why, once a person has agreed to it."""
    from console.migrate.selection import for_down
    from console.migrate.standing import read_standing

    async with await _reading(target) as session:
        standing = await read_standing(session, folder, args.flavour)
    labels = [row.label for row in for_down(standing, back)]
    if not labels:
        return labels, args.reason
    server = standing.server
    reason = await confirm.destruction(
        args,
        f"{target.describe()}: this rolls back {', '.join(labels)}, and what only they hold is lost.",
        word=labels[0],
        database=server.database,
        grave=back.all or target.guarded(server.environment),
    )
    return labels, reason


def _folder(args: argparse.Namespace) -> "Folder":
    from console.migrate.files import default_folder, read_folder

    return read_folder(args.migrations or default_folder())


async def _reading(target: "Target") -> "Session":
    """A session that only reads, with the patience of a person."""
    from console.db.database import LANES
    from console.db.session import Session

    return await Session.open(target, "query", settings=LANES["query"], read_only=True)


def _role(target: "Target") -> str | None:
    """The role that the target's profile wants migrations to run under."""
    from console.config.file import default_path, load

    profile = load(default_path()).settings.profiles.get(target.profile or "")
    return profile.migrate.role if profile else None
