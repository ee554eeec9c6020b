"""What a person has to know and say before migrations run."""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from console.cli import confirm
from console.cli.target import reading

if TYPE_CHECKING:
    from console.db.target import Target
    from console.migrate.files import Folder
    from console.migrate.plan.reports import Plan
    from console.migrate.selection import Back
    from console.migrate.step import Down


@dataclass(frozen=True, slots=True)
class Agreed:
    """What somebody has agreed to."""

    labels: Sequence[str]
    """The migrations, in order."""
    reason: str | None
    """Why."""
    plan: str | None
    """The hash of the plan that was on the screen; None where nobody looked at one."""


async def agree_up(args: argparse.Namespace, target: "Target", folder: "Folder", role: str | None) -> list[str]:
    """What would be applied, once a person has agreed to it."""
    from console.migrate.selection import for_up
    from console.migrate.standing import read_standing

    async with await reading(target) as session:
        standing = await read_standing(session, folder, args.flavour, role=role)
    labels = [migration.label for migration in for_up(standing, to=args.to, out_of_order=args.out_of_order)]
    if labels:
        await confirm.change(args, f"{target.describe()}: this applies {', '.join(labels)}.")
    return labels


async def agree_down(
    args: argparse.Namespace, target: "Target", folder: "Folder", role: str | None, back: "Back"
) -> Agreed:
    """What would be undone and why, once a person has seen what is lost and has agreed to it."""
    from console.migrate.down import ways_back
    from console.migrate.selection import for_down
    from console.migrate.standing import read_standing
    from console.migrate.terms import is_grave, word_of

    async with await reading(target) as session:
        standing = await read_standing(session, folder, args.flavour, role=role)
        steps = await ways_back(session, standing, for_down(standing, back))
    labels = [step.label for step in steps]
    if not labels:
        return Agreed(labels, args.reason, None)
    plan = await _shown(args, target, folder, role, back) if confirm.asks() else None
    server = standing.server
    reason = await confirm.destruction(
        args,
        f"{target.describe()}: {what_goes(steps)}",
        word=word_of(labels),
        database=server.database,
        grave=is_grave(everything=back.all, emergency=args.emergency, guarded=target.guarded(server.environment)),
    )
    return Agreed(labels, reason, plan.sha256 if plan else None)


async def _shown(
    args: argparse.Namespace, target: "Target", folder: "Folder", role: str | None, back: "Back"
) -> "Plan":
    """The plan, its losses on the screen: nobody types a name before he has seen them."""
    from console.cli.migrate.plan import show_losses
    from console.migrate.plan.requested import Wanted, planned

    found = await planned(target, folder, Wanted(back=back, flavour=args.flavour, role=role))
    show_losses(args, found)
    return found


def what_goes(steps: "Sequence[Down]") -> str:
    """What a rollback takes away, and what its scripts say that stays."""
    labels = ", ".join(step.label for step in steps)
    said = ((step.version, step.script.header.partial_inverse) for step in steps)
    stays = "".join(f" What stays of {version}: {text}." for version, text in said if text)
    them = "it" if len(steps) == 1 else "them"
    goes = f" Tables and columns that came with {them} go, with all rows and values in them." if _takes(steps) else ""
    return f"this rolls back {labels}.{goes}{stays}"


def _takes(steps: "Sequence[Down]") -> bool:
    """Whether anything that holds rows or values may go, as far as the words of the scripts tell.

    What CASCADE takes only the catalogue tells, which nobody has asked here.
    """
    from console.migrate.kinds.analyse import analyse
    from console.migrate.plan.fate import Fate, cascades

    fate = Fate()
    statements = [analyse(statement) for step in steps for statement in step.script.statements]
    for statement in statements:
        fate.run(statement)
    followed = any(cascades(action) for each in statements for inner in each.flat() for action in inner.actions)
    return followed or bool(fate.lost(fate.gone))
