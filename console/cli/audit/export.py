"""`emr-console audit export`: a search as a file that proves itself."""

import argparse
import time
from pathlib import Path
from typing import TYPE_CHECKING

from console.cli import output
from console.cli.progress import Line
from console.cli.target import chosen
from console.errors import Interrupted
from console.iso import to_day
from console.units import number_of

if TYPE_CHECKING:
    from console.services.audit.export.models import Format, Progress, Wanted, Written

FORMATS: tuple["Format", ...] = ("csv", "jsonl", "fhir", "html")
"""How the file can be written."""


def register(actions: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the action."""
    action = actions.add_parser("export", help="a search as a file, with a manifest that proves it")
    action.add_argument("query", metavar="QUERY", help="as of audit search, such as 'action:export since:90d'")
    action.add_argument("--format", choices=FORMATS, help="as the name of the file says; fhir is AuditEvents (R4)")
    add_options(action)
    action.set_defaults(handler=export)


def add_options(action: argparse.ArgumentParser) -> None:
    """What every file needs."""
    action.add_argument("--output", metavar="FILE", type=Path, required=True, help="a new file; .masked joins its name")
    action.add_argument("--reason", metavar="TEXT", required=True, help="why; it is written into the audit log")
    action.add_argument("--unmasked", action="store_true", help="with patients' data; the reason begins with a code")
    action.add_argument("--json", action="store_true", help="one JSON object")


async def export(args: argparse.Namespace) -> int:
    """Write the file; it is in the audit log before its first row."""
    from console.services.audit.export.models import Wanted
    from console.services.audit.export.naming import chosen as format_of
    from console.services.audit.export.naming import path_of

    format_, path = format_of(args.output, args.format, FORMATS), path_of(str(args.output))
    return await write(args, Wanted(args.query, format_, path, args.reason, masked=not args.unmasked))


async def write(args: argparse.Namespace, wanted: "Wanted") -> int:
    """Write what is wanted, and say how far it is and what came of it; reports are written so, too."""
    from asyncio import CancelledError

    from console.db.database import Database
    from console.services.audit.export import exporting

    line = _Line(args)
    try:
        async with Database(chosen(args)) as db:
            written = await exporting.export(db, wanted, line.hear)
    except CancelledError:
        raise _interrupted(wanted) from None
    finally:
        line.erase()
    _tell(args, written)
    return 0


class _Line(Line):
    """How far it is, on a terminal."""

    def __init__(self, args: argparse.Namespace) -> None:
        super().__init__(args)
        self._began = time.monotonic()

    def hear(self, progress: "Progress") -> None:
        """Write it anew."""
        self.show(standing(progress, time.monotonic() - self._began))


def standing(progress: "Progress", seconds: float) -> str:
    """Where it stands.

    >>> from datetime import datetime
    >>> from console.services.audit.export.models import Progress
    >>> standing(Progress(250_000, datetime(2026, 3, 5), 0.4), 10.0)
    '250,000 rows, 25,000 rows/s, through 2026-03-05, 40 %'
    """
    rate = progress.rows / max(seconds, 0.001)
    done = f"through {to_day(progress.through)}, {progress.share * 100:.0f} %"
    return f"{number_of(progress.rows, 'row')}, {rate:,.0f} rows/s, {done}"


def _interrupted(wanted: "Wanted") -> Interrupted:
    from console.services.audit.export.file import Places

    left = Places.named(wanted.output, wanted.masked).partial
    if not left.exists():
        return Interrupted("The export was stopped.", state="Nothing was exported.")
    state = f"What it had written is in {left}, marked as incomplete."
    return Interrupted("The export was stopped.", state=state, hint="Remove it and its manifest, then run it again.")


def _tell(args: argparse.Namespace, written: "Written") -> None:
    """The file on stdout, everything else on stderr."""
    if args.json:
        output.data({
            "file": str(written.path), "manifest": str(written.manifest), "rows": written.rows, "bytes": written.bytes,
            "sha256": written.sha256, "signed": written.signed, "masked": not args.unmasked,
        })  # fmt: skip
    else:
        output.text(str(written.path))
    if written.remark:
        output.say(args, written.remark)
    signed = "signed" if written.signed else "not signed: no audit.signing_key is configured"
    output.say(args, f"{number_of(written.rows, 'row')}, {written.bytes:,} bytes, SHA-256 {written.sha256}; {signed}.")
