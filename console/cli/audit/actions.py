"""`emr-console audit`: its actions, in the order of --help."""

import argparse

from console.cli.audit import export, report, review, seal, search, verify


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command and its actions."""
    audit = commands.add_parser("audit", help="who did what to which patient")
    actions = audit.add_subparsers(metavar="ACTION", required=True, parser_class=type(audit))
    for module in (search, export, report, review, seal, verify):
        module.register(actions)
