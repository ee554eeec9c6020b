"""`emr-console migrate verify`: whether the schema is what the migrations say."""

import argparse
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

from console.cli import output
from console.cli.columns import Column
from console.cli.migrate.options import add_action, folder_of
from console.cli.target import reading, target_and_role
from console.errors import Exit

if TYPE_CHECKING:
    from console.migrate.reports import Check

_CHECKS = (
    Column("id"),
    Column("what must hold", least=40),
    Column("holds"),
    Column("expected", 2, least=16),
    Column("found", 3, least=16),
)


def register(actions: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the action."""
    add_action(actions, "verify", "whether the schema is what the migrations say", verify)


async def verify(args: argparse.Namespace) -> int:
    """Print every check of every applied migration; 1 if one does not hold."""
    from console.migrate.verify import verify_applied

    folder, (target, role) = folder_of(args), target_and_role(args)
    async with await reading(target, their_names=True, role=role) as session:
        found = await verify_applied(session, folder, flavour=args.flavour, role=role)
    show_checks(args, found)
    return Exit.OK if all(check.ok for check in found) else Exit.FINDINGS


def show_checks(args: argparse.Namespace, found: "Sequence[Check]") -> None:
    """Print every check."""
    if args.json:
        output.data({"rows": [asdict(check) for check in found], "ok": all(check.ok for check in found)})
        return
    rows = [(c.id, c.name, "yes" if c.ok else "NO", c.expected or "", c.found or "") for c in found]
    output.table("", _CHECKS, rows)
    for check in found:
        if not check.ok:
            output.say(args, f"{check.id} does not hold: {check.sentence()}. {check.remedy or ''}".rstrip())
    output.say(args, f"{sum(check.ok for check in found)} of {len(found)} checks hold.")
