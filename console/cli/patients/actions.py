"""`emr-console patients`: its actions, in the order of --help."""

import argparse

from console.cli.patients import find, importing, show


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command and its actions."""
    patients = commands.add_parser("patients", help="find patients, look at one, bring them in from a file")
    actions = patients.add_subparsers(metavar="ACTION", required=True, parser_class=type(patients))
    for module in (find, show, importing):
        module.register(actions)
