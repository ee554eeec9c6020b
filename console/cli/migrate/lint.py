"""`emr-console migrate lint`: what is wrong with the migration files, without a database."""

import argparse
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from console.cli import output
from console.cli.columns import Column
from console.cli.migrate.options import folder_of
from console.errors import Exit
from console.units import number_of

if TYPE_CHECKING:
    from console.migrate.lint.models import Finding

_COLUMNS = (
    Column("file", least=20),
    Column("line", right=True),
    Column("rule"),
    Column("severity"),
    Column("what is wrong", least=30, folds=True),
    Column("waived", 2, least=10, folds=True),
)
_SEVERITIES = {"E": "error", "W": "warning"}


def register(actions: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    action = actions.add_parser("lint", help="what is wrong with the migration files; needs no database")
    action.add_argument("--json", action="store_true", help="for scripts: one object")
    action.add_argument("--migrations", metavar="DIR", type=Path, help="another folder of migrations")
    action.add_argument("--flavour", choices=("timescale", "plain"), help="only what such a database gets")
    action.set_defaults(handler=lint)


async def lint(args: argparse.Namespace) -> int:
    """Print every finding; 1 if one is an error that no waiver covers."""
    from console.migrate.lint.lint import lint as findings_of

    found = findings_of(folder_of(args), args.flavour)
    if args.json:
        rows = [asdict(finding) for finding in found]
        output.data({"rows": rows, "ok": not any(finding.refuses for finding in found)})
    else:
        _show(args, found)
    return Exit.FINDINGS if any(finding.refuses for finding in found) else Exit.OK


def _show(args: argparse.Namespace, found: "Sequence[Finding]") -> None:
    rows = [(f.file, str(f.line), f.rule, _SEVERITIES[f.severity], f.message, f.waived or "") for f in found]
    if rows:
        output.table("", _COLUMNS, rows)
    errors = sum(finding.refuses for finding in found)
    waived = sum(finding.waived is not None for finding in found)
    output.say(
        args, f"{number_of(errors, 'error')}, {number_of(len(found) - errors - waived, 'warning')}, {waived} waived."
    )
