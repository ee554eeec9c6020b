"""`emr-console migrate up`: forwards, after a yes."""

import argparse
from contextlib import suppress
from typing import TYPE_CHECKING

from console.cli import confirm, output
from console.cli.migrate.options import add_action, add_run, folder_of
from console.cli.target import reading, target_and_role
from console.errors import ConsoleError, Exit, UsageError

if TYPE_CHECKING:
    from console.db.target import Target


def register(actions: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the action."""
    action = add_action(actions, "up", "apply what is pending", up)
    action.add_argument("--to", metavar="V", help="stop after this migration, such as 003")
    action.add_argument("--out-of-order", action="store_true", help="also what is older than the last one applied")
    add_run(action)


async def up(args: argparse.Namespace) -> int:
    """Apply what is pending, after a yes."""
    from console.cli.migrate.agree import agree_up
    from console.cli.migrate.narration import narrated
    from console.migrate.terms import Terms
    from console.migrate.up import up as apply

    if args.out_of_order and not args.reason:
        raise UsageError(
            "--out-of-order needs a reason, which is kept with the run.",
            state=confirm.UNCHANGED,
            hint="Add --reason TEXT.",
        )
    folder, (target, role) = folder_of(args), target_and_role(args)
    confirmed = None if args.yes else await agree_up(args, target, folder, role)
    terms = Terms(role, args.flavour, args.lock_wait, args.reason, confirmed, args.plan, args.accept_stall)
    code = await narrated(
        args, lambda report: apply(target, folder, report, terms, to=args.to, out_of_order=args.out_of_order)
    )
    if code == Exit.OK and not args.quiet:
        await _mind_rights(args, target)
    return code


async def _mind_rights(args: argparse.Namespace, target: "Target") -> None:
    """Say when the platform's roles have no rights on tables that were made anew."""
    from asyncio import CancelledError

    from console.services.roles import service

    with suppress(ConsoleError, CancelledError):  # the migrations are applied, whatever can be said of rights
        async with await reading(target) as session:
            complaint = await service.complaint(session)
        if complaint:
            output.say(args, complaint)
