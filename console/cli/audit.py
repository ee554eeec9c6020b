"""`emr-console audit`: who did what to which patient, and the proof of the answer."""

import argparse

from console.cli import audit_export, audit_report, audit_review, audit_seal, audit_search, audit_verify


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command and what belongs to it."""
    audit = commands.add_parser("audit", help="who did what to which patient")
    actions = audit.add_subparsers(metavar="ACTION", required=True, parser_class=type(audit))
    for module in (audit_search, audit_export, audit_report, audit_review, audit_seal, audit_verify):
        module.register(actions)
