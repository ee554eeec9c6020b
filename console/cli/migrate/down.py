"""`emr-console migrate down`: backwards, once somebody has seen what goes and has agreed to it."""

import argparse
from typing import TYPE_CHECKING

from console.cli import confirm, output
from console.cli.migrate.options import add_action, add_run, folder_of
from console.cli.target import reading, target_and_role
from console.cli.values import directory
from console.errors import Exit, UsageError

if TYPE_CHECKING:
    from console.db.target import Target
    from console.migrate.files import Folder
    from console.migrate.selection import Back
    from console.migrate.terms import Terms


def register(actions: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the action."""
    action = add_action(actions, "down", "roll back", down)
    how_far = action.add_mutually_exclusive_group(required=True)
    how_far.add_argument("--last", action="store_true", help="the one migration that was applied last")
    how_far.add_argument("--batch", action="store_true", help="everything that the last run applied")
    how_far.add_argument("--to", metavar="V", help="everything applied after this one, which stays")
    how_far.add_argument("--all", action="store_true", help="everything")
    action.add_argument("--confirm", metavar="DATABASE", help="the database's name: for --all, and on production")
    action.add_argument("--emergency", action="store_true", help="after a proved backup, in one transaction")
    action.add_argument("--backup-dir", metavar="DIR", type=directory, help="where the backup of --emergency goes")
    action.add_argument("--trial-restore", action="store_true", help="restore that backup once before going on")
    action.add_argument("--print", action="store_true", help="only print it as a script for psql")
    add_run(action)


async def down(args: argparse.Namespace) -> int:
    """Roll back, after the name was typed or given."""
    from console.cli.migrate.agree import agree_down
    from console.cli.migrate.narration import narrated
    from console.migrate.down import down as undo
    from console.migrate.selection import Back
    from console.migrate.terms import Terms

    if args.emergency != (args.backup_dir is not None):
        raise UsageError(
            "--emergency and --backup-dir DIR belong together.", state=confirm.UNCHANGED, hint="Give both, or neither."
        )
    back = Back(to=args.to, all=args.all, batch=args.batch)
    folder, (target, role) = folder_of(args), target_and_role(args)
    if args.print:
        return await _print(args, target, folder, back, role)
    agreed = await agree_down(args, target, folder, role, back)
    plan = args.plan or agreed.plan
    terms = Terms(role, args.flavour, args.lock_wait, agreed.reason, agreed.labels, plan, args.accept_stall)
    if args.emergency:
        return await _emergency(args, target, folder, terms, back)
    return await narrated(args, lambda report: undo(target, folder, report, terms, back))


async def _emergency(args: argparse.Namespace, target: "Target", folder: "Folder", terms: "Terms", back: "Back") -> int:
    from console.cli.migrate.narration import narrated
    from console.config.file import pg_dump
    from console.migrate.backup.models import Wish
    from console.migrate.emergency.service import emergency

    wish = Wish(terms.role, pg_dump(), args.trial_restore)
    return await narrated(args, lambda told: emergency(target, folder, told, terms, back, args.backup_dir, wish))


async def _print(args: argparse.Namespace, target: "Target", folder: "Folder", back: "Back", role: str | None) -> int:
    """The rollback as a script, for the day when the automatic way fails."""
    from console.db import operator
    from console.migrate.down import ways_back
    from console.migrate.manual_script import manual_script
    from console.migrate.plan.held import refuse_held_by
    from console.migrate.selection import for_down
    from console.migrate.standing import read_standing

    async with await reading(target) as session:
        standing = await read_standing(session, folder, args.flavour, role=role)
        steps = await ways_back(session, standing, for_down(standing, back))
        await refuse_held_by(session, [statement for step in steps for statement in step.script.statements])
    if not steps:
        output.say(args, "Nothing is applied that this would roll back.")
        return Exit.OK
    reason = args.reason or "rolled back by hand"
    script = manual_script(steps, operator.current(), reason=reason, role=role, knex=standing.presence.knex)
    output.text(script)
    return Exit.OK
