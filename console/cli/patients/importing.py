"""`emr-console patients import`: patients from a file, all of them or none."""

import argparse
import time
from pathlib import Path
from typing import TYPE_CHECKING

from console.cli import confirm, output
from console.cli.columns import Column
from console.cli.target import target_and_role
from console.errors import ConsoleError, Exit, Interrupted, Refused, UsageError
from console.units import number_of

if TYPE_CHECKING:
    from console.db.session import Session
    from console.db.target import Target
    from console.services.patients.models import Report

FORMATS = {".csv": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl"}
"""What the end of a file's name says of its format."""

UNWRITTEN = "Nothing was written."


def register(actions: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the action."""
    action = actions.add_parser("import", help="check a file of patients and write them, all or none")
    action.add_argument("file", metavar="FILE", type=Path, help="CSV with a heading, or JSON lines; UTF-8")
    action.add_argument("--format", choices=sorted(set(FORMATS.values())), help="instead of what the name says")
    action.add_argument("--dry-run", action="store_true", help="only check the file")
    action.add_argument("--yes", action="store_true", help="do not ask")
    action.add_argument("--reason", metavar="TEXT", type=confirm.reason, help="why, for the audit log")
    action.add_argument("--json", action="store_true", help="one JSON object")
    action.set_defaults(handler=import_)


async def import_(args: argparse.Namespace) -> int:
    """Check the file, then write its patients after a yes; with findings nothing is written."""
    from asyncio import CancelledError

    from console.services.bulk.service import opened
    from console.services.patients import importing

    reader, (target, role) = _format(args), target_and_role(args)
    began = time.monotonic()
    async with opened(target, "import", role, settings=importing.SETTINGS) as session:
        try:
            report = await importing.examine(session, args.file, reader)
            error = await _written(args, session, target, report)
        except CancelledError:
            raise Interrupted(
                "The import was interrupted.", state="Either all patients were written or none."
            ) from None
    code = error.exit if error else Exit.FINDINGS if report.total else Exit.OK
    _print(args, report, time.monotonic() - began, error, code)
    return code


def _format(args: argparse.Namespace) -> str:
    found = args.format or FORMATS.get(args.file.suffix.lower())
    if found is None:
        raise UsageError(
            f"The name {args.file.name} does not say what the file is.",
            state=UNWRITTEN,
            hint="Add --format csv or --format jsonl.",
        )
    return str(found)


async def _written(
    args: argparse.Namespace, session: "Session", target: "Target", report: "Report"
) -> ConsoleError | None:
    """Write what is new, if that is wanted; why it was not, if the file is to blame."""
    from console.services.patients import importing

    if args.dry_run:
        return None
    if report.total:
        return Refused(
            f"The file has {number_of(report.total, 'finding')}, so none of its patients were imported.",
            state=UNWRITTEN,
            hint="Mend the file, and check it with --dry-run.",
        )
    if report.new:
        what = f"{target.describe()}: this inserts {number_of(report.new, 'patient')}; there already: {report.same:,}."
        await importing.insert(session, report, await confirm.recorded(args, what))
    return None


def _print(args: argparse.Namespace, report: "Report", seconds: float, error: ConsoleError | None, code: Exit) -> None:
    if args.json:
        output.data(
            {
                "dry_run": args.dry_run,
                **report.counts(),
                "sha256": report.sha256,
                "findings": [finding.model_dump() for finding in report.findings],
                "findings_total": report.total,
                "seconds": round(seconds, 3),
                "error": output.error_object(error) if error else None,
                "exit": int(code),
            }
        )
    else:
        _tables(args, report)
    if error:
        output.failure(error, to_json=False)


def _tables(args: argparse.Namespace, report: "Report") -> None:
    if report.findings:
        output.table(
            "",
            (Column("line", right=True), "column", Column("what is wrong", least=30, folds=True)),
            [(str(each.line), each.field or "", each.rule) for each in report.findings],
        )
    left = report.total - len(report.findings)
    if left:
        output.say(args, f"Not shown: {number_of(left, 'more finding')}.")
    output.table(
        "", ("what", Column("records", right=True)), [(what, f"{count:,}") for what, count in report.counts().items()]
    )
