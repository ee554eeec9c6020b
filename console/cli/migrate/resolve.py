"""`emr-console migrate resolve`: a person decides what the engine cannot."""

import argparse
from typing import TYPE_CHECKING

from console.cli import confirm
from console.cli.migrate.options import add_action, add_consent, folder_of
from console.cli.target import target_and_role
from console.errors import UsageError

if TYPE_CHECKING:
    from console.migrate.resolve import Verdict


def register(actions: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the action."""
    action = add_action(actions, "resolve", "decide about a migration that stopped half-way", resolve)
    action.add_argument("version", nargs="?", metavar="V", help="the migration, such as 006")
    verbs = action.add_mutually_exclusive_group(required=True)
    verbs.add_argument("--done", metavar="K", type=int, help="statement K has run to its end")
    verbs.add_argument("--repeat", metavar="K", type=int, help="statement K is to run again")
    verbs.add_argument("--undo", action="store_true", help="take back what is done of it")
    verbs.add_argument("--knex-lock", action="store_true", help="let go of the lock that a dead knex has left")
    add_consent(action)


async def resolve(args: argparse.Namespace) -> int:
    """Write the decision down, after a yes and with a reason."""
    from console.cli.migrate.narration import narrated
    from console.migrate.resolve import free_knex
    from console.migrate.resolve import resolve as decide
    from console.migrate.terms import Terms

    if args.knex_lock == bool(args.version):
        raise UsageError(
            "resolve wants one migration, or --knex-lock without one.",
            state=confirm.UNCHANGED,
            hint="See emr-console migrate status for those that stopped half-way.",
        )
    folder, (target, role) = folder_of(args), target_and_role(args)
    verdict = _verdict(args)
    reason = await confirm.recorded(args, f"{target.describe()}: {_said(args.version, verdict)}")
    terms = Terms(role, args.flavour, args.lock_wait, reason)
    if verdict is None:
        return await narrated(args, lambda report: free_knex(target, folder, report, terms))
    return await narrated(args, lambda report: decide(target, folder, report, terms, args.version, verdict))


def _verdict(args: argparse.Namespace) -> "Verdict | None":
    from console.migrate.resolve import Verdict

    if args.undo:
        return Verdict("undo")
    if args.done is not None:
        return Verdict("done", args.done)
    return Verdict("repeat", args.repeat) if args.repeat is not None else None


def _said(version: str, verdict: "Verdict | None") -> str:
    if verdict is None:
        return "this frees knex's lock; if a knex is still running, two of them may then change the schema at once."
    if verdict.verb == "undo":
        return f"this takes back those statements of {version} that are done."
    if verdict.verb == "done":
        return f"from now on statement {verdict.statement} of {version} counts as done, and is never run again."
    return f"this lets statement {verdict.statement} of {version} run once more, whether it has run or not."
