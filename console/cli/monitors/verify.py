"""`emr-console verify`: is the database what its migrations and the platform's guide say?"""

import argparse
from pathlib import Path

from console.cli import output
from console.errors import Exit


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    command = commands.add_parser("verify", help="is the database what its migrations say? 1 if not")
    command.add_argument("--json", action="store_true", help="one JSON object")
    command.add_argument("--migrations", metavar="DIR", type=Path, help="another folder of migrations")
    command.add_argument("--flavour", choices=("timescale", "plain"), help="instead of what the server offers")
    command.set_defaults(handler=verify)


async def verify(args: argparse.Namespace) -> int:
    """Print every check of every applied migration, and the answers to the guide's questions."""
    from console.cli.migrate.options import folder_of
    from console.cli.migrate.verify import show_checks
    from console.cli.target import target_and_role
    from console.services.verification import service

    folder, (target, role) = folder_of(args), target_and_role(args)
    found = await service.verify(target, folder, flavour=args.flavour, role=role)
    show_checks(args, found)
    output.say(args, "What the services' Prisma schemas expect is not compared.")
    return Exit.OK if all(check.ok for check in found) else Exit.FINDINGS
