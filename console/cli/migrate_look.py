"""`emr-console migrate status` and `migrate verify`: where the schema stands, and whether it is what the files say."""

import argparse

from console.cli.migrate_common import add_action, folder_of, target_of
from console.cli.target import reading
from console.errors import Exit


def register(actions: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the actions."""
    add_action(actions, "status", "where every migration stands", status)
    add_action(actions, "verify", "whether the schema is what the migrations say", verify)


async def status(args: argparse.Namespace) -> int:
    """Print where every migration stands, and what others have changed; nothing is created."""
    from console.cli import migrate_tables
    from console.migrate.fingerprint.snapshot import schema_drift
    from console.migrate.status import status as read_status

    folder, (target, role) = folder_of(args), target_of(args)
    async with await reading(target) as session:
        found = await read_status(session, folder, flavour=args.flavour, role=role)
        drift = None if found.note else await schema_drift(session)
    migrate_tables.show_status(args, found, drift)
    return Exit.FINDINGS if drift and drift.difference and found.exit == Exit.OK else found.exit


async def verify(args: argparse.Namespace) -> int:
    """Print every check of every applied migration; 1 if one does not hold."""
    from console.cli import migrate_tables
    from console.migrate.verify import verify_applied

    folder, (target, role) = folder_of(args), target_of(args)
    async with await reading(target, their_names=True) as session:
        found = await verify_applied(session, folder, flavour=args.flavour, role=role)
    migrate_tables.show_checks(args, found)
    return Exit.OK if all(check.ok for check in found) else Exit.FINDINGS
