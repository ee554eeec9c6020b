"""`emr-console migrate up` and `migrate down`: forwards and backwards, after a yes."""

import argparse
from contextlib import suppress
from typing import TYPE_CHECKING

from console.cli import confirm, output
from console.cli.migrate_common import add_action, add_consent, directory, folder_of, seconds, target_of
from console.cli.target import reading
from console.errors import ConsoleError, Exit, UsageError

if TYPE_CHECKING:
    from console.db.target import Target
    from console.migrate.files import Folder
    from console.migrate.selection import Back
    from console.migrate.terms import Terms


def register(actions: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the actions."""
    forwards = add_action(actions, "up", "apply what is pending", up)
    forwards.add_argument("--to", metavar="V", help="stop after this migration, such as 003")
    forwards.add_argument("--out-of-order", action="store_true", help="also what is older than the last one applied")
    backwards = add_action(actions, "down", "roll back", down)
    how_far = backwards.add_mutually_exclusive_group(required=True)
    how_far.add_argument("--last", action="store_true", help="the one migration that was applied last")
    how_far.add_argument("--batch", action="store_true", help="everything that the last run applied")
    how_far.add_argument("--to", metavar="V", help="everything applied after this one, which stays")
    how_far.add_argument("--all", action="store_true", help="everything")
    backwards.add_argument("--confirm", metavar="DATABASE", help="the database's name: for --all, and on production")
    backwards.add_argument("--emergency", action="store_true", help="after a proved backup, in one transaction")
    backwards.add_argument("--backup-dir", metavar="DIR", type=directory, help="where the backup of --emergency goes")
    backwards.add_argument("--trial-restore", action="store_true", help="restore that backup once before going on")
    backwards.add_argument("--print", action="store_true", help="only print it as a script for psql")
    for action in (forwards, backwards):
        add_consent(action)
        action.add_argument("--plan", metavar="SHA256", type=sha256, help="only if migrate plan still says the same")
        action.add_argument(
            "--accept-stall", metavar="SECONDS", type=seconds, help="for how long writers may be kept out"
        )


def sha256(text: str) -> str:
    """A hash as migrate plan prints it."""
    if len(text) != 64 or not set(text) <= set("0123456789abcdef"):
        raise ValueError(text)
    return text


async def up(args: argparse.Namespace) -> int:
    """Apply what is pending, after a yes."""
    from console.cli.migrate_agree import agree_up
    from console.cli.migrate_run import narrated
    from console.migrate.terms import Terms
    from console.migrate.up import up as apply

    if args.out_of_order and not args.reason:
        raise UsageError(
            "--out-of-order needs a reason, which is kept with the run.",
            state=confirm.UNCHANGED,
            hint="Add --reason TEXT.",
        )
    folder, (target, role) = folder_of(args), target_of(args)
    confirmed = None if args.yes else await agree_up(args, target, folder, role)
    terms = Terms(role, args.flavour, args.lock_wait, args.reason, confirmed, args.plan, args.accept_stall)
    code = await narrated(
        args, lambda report: apply(target, folder, report, terms, to=args.to, out_of_order=args.out_of_order)
    )
    if code == Exit.OK and not args.quiet:
        await _mind_rights(args, target)
    return code


async def down(args: argparse.Namespace) -> int:
    """Roll back, after the name was typed or given."""
    from console.cli.migrate_agree import agree_down
    from console.cli.migrate_run import narrated
    from console.migrate.down import down as undo
    from console.migrate.selection import Back
    from console.migrate.terms import Terms

    if args.emergency != (args.backup_dir is not None):
        raise UsageError(
            "--emergency and --backup-dir DIR belong together.", state=confirm.UNCHANGED, hint="Give both, or neither."
        )
    back = Back(to=args.to, all=args.all, batch=args.batch)
    folder, (target, role) = folder_of(args), target_of(args)
    if args.print:
        return await _print(args, target, folder, back, role)
    agreed = await agree_down(args, target, folder, role, back)
    plan = args.plan or agreed.plan
    terms = Terms(role, args.flavour, args.lock_wait, agreed.reason, agreed.labels, plan, args.accept_stall)
    if args.emergency:
        return await _emergency(args, target, folder, terms, back)
    return await narrated(args, lambda report: undo(target, folder, report, terms, back))


async def _emergency(args: argparse.Namespace, target: "Target", folder: "Folder", terms: "Terms", back: "Back") -> int:
    from console.cli.migrate_run import narrated
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


async def _mind_rights(args: argparse.Namespace, target: "Target") -> None:
    """Say when the platform's roles have no rights on tables that were made anew."""
    from asyncio import CancelledError

    from console.services.roles import service

    with suppress(ConsoleError, CancelledError):  # the migrations are applied, whatever can be said of rights
        async with await reading(target) as session:
            complaint = await service.complaint(session)
        if complaint:
            output.say(args, complaint)
