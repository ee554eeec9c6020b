"""`emr-console migrate`: one module for each kind of action."""

import argparse

from console.cli import (
    migrate_adopt,
    migrate_backup,
    migrate_change,
    migrate_history,
    migrate_lint,
    migrate_look,
    migrate_plan,
    migrate_resolve,
)

_ACTIONS = (
    migrate_look,
    migrate_plan,
    migrate_change,
    migrate_history,
    migrate_resolve,
    migrate_adopt,
    migrate_backup,
    migrate_lint,
)


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command and its actions."""
    migrate = commands.add_parser("migrate", help="where the schema stands; plan, apply, roll back, verify")
    actions = migrate.add_subparsers(metavar="ACTION", required=True, parser_class=type(migrate))
    for module in _ACTIONS:
        module.register(actions)
