"""`emr-console migrate`: its actions, in the order of --help."""

import argparse

from console.cli.migrate import adopt, backup, down, history, lint, plan, resolve, status, up, verify


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command and its actions."""
    migrate = commands.add_parser("migrate", help="where the schema stands; plan, apply, roll back, verify")
    actions = migrate.add_subparsers(metavar="ACTION", required=True, parser_class=type(migrate))
    for module in (status, verify, plan, up, down, history, resolve, adopt, backup, lint):
        module.register(actions)
