"""`emr-console backfill`: fill tasks.patient_uuid from the identifiers that tasks carry, while others go on working."""

import argparse
from collections.abc import Mapping
from typing import TYPE_CHECKING

from console.cli import confirm, output
from console.cli.columns import Column
from console.cli.target import target_and_role
from console.errors import ConsoleError, Exit, Interrupted
from console.units import number_of

if TYPE_CHECKING:
    from console.db.session import Session
    from console.db.target import Target
    from console.services.backfill.models import Counts
    from console.services.backfill.service import Pace

LOOK_TIMEOUT = "900000"
"""Milliseconds that --dry-run may count: it asks of all tasks at once."""

WORDS = {
    "matched": "matched",
    "deleted": "of them to a deleted patient",
    "unmatched": "unmatched",
    "ambiguous": "ambiguous",
    "locked": "still locked",
    "remaining": "without a patient",
}
"""What the numbers are called for people."""


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    command = commands.add_parser("backfill", help="fill tasks.patient_uuid, resumable, while others go on working")
    command.add_argument("--batch", type=tasks, default=500, metavar="N", help="tasks in one transaction; default 500")
    command.add_argument("--rate", type=amount, metavar="ROWS/S", help="fill no more than so many tasks a second")
    command.add_argument("--max-lag", type=amount, metavar="SECONDS", help="wait for standbys beyond this; default 10")
    command.add_argument("--dry-run", action="store_true", help="only count what would be filled")
    command.add_argument("--yes", action="store_true", help="do not ask")
    command.add_argument("--reason", metavar="TEXT", type=confirm.reason, help="why, for the audit log")
    command.add_argument("--json", action="store_true", help="one JSON object a line")
    command.set_defaults(handler=backfill)


def tasks(text: str) -> int:
    """A number of tasks for one transaction.

    >>> tasks("500")
    500
    """
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= 100_000):
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1 to 100000")
    return int(text)


def amount(text: str) -> float:
    """A number above zero.

    >>> amount("0.5")
    0.5
    """
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value < float("inf"):
        raise argparse.ArgumentTypeError(f"{text!r} is not a number above 0")
    return value


async def backfill(args: argparse.Namespace) -> int:
    """Fill what can be filled, after a yes; 1 if tasks without a patient are left."""
    from console.services.backfill import service
    from console.services.bulk.service import opened

    target, role = target_and_role(args)
    if args.dry_run:
        return await _look(args, target, role)
    pace = service.Pace(_batch(args), args.rate, args.max_lag)
    async with opened(target, service.FILLING.lane, role, settings=service.SETTINGS) as session:
        empty = await service.remaining(session)
        if not empty:
            return _nothing_to_do(args)
        step = f"this fills tasks.patient_uuid, empty in {number_of(empty, 'task')}, {pace.batch:,} at a time."
        reason = await confirm.recorded(args, f"{target.describe()}: {step}")
        return await _fill(args, session, pace, empty, reason)


def _nothing_to_do(args: argparse.Namespace) -> int:
    from console.services.backfill.models import Counts

    _report(args, Counts(remaining=0), 0.0, None, Exit.OK)
    return Exit.OK


def _batch(args: argparse.Namespace) -> int:
    """A batch is no more than a second's worth, or a low rate would be a burst and a long pause."""
    return max(1, min(args.batch, int(args.rate))) if args.rate else int(args.batch)


async def _look(args: argparse.Namespace, target: "Target", role: str | None) -> int:
    """Print what would be filled."""
    from console.services.backfill import service
    from console.services.bulk.service import opened

    settings = service.SETTINGS | {"statement_timeout": LOOK_TIMEOUT}
    async with opened(target, service.FILLING.lane, role, settings=settings, read_only=True) as session:
        found = await service.look(session)
    if args.json:
        output.data({"event": "result", "dry_run": True, **found.model_dump()})
    else:
        _table(found.model_dump())
    return Exit.FINDINGS if found.unmatched or found.ambiguous else Exit.OK


async def _fill(args: argparse.Namespace, session: "Session", pace: "Pace", empty: int, reason: str) -> int:
    """Fill to the end or to what stops it; either way say how far it came."""
    from asyncio import CancelledError

    from console.cli.patients.backfill_narration import Narrator
    from console.services.backfill import service
    from console.services.backfill.models import Counts

    counts, error = Counts(), None
    narrator = Narrator(args, empty)
    try:
        await service.backfill(session, pace, narrator, counts, reason)
    except CancelledError:
        error = _restated(Interrupted("The backfill was interrupted.", state=confirm.UNCHANGED), counts)
    except ConsoleError as stopped:
        error = _restated(stopped, counts)
    narrator.close()
    code = error.exit if error else Exit.FINDINGS if counts.remaining else Exit.OK
    _report(args, counts, narrator.seconds, error, code)
    return code


def _restated(error: ConsoleError, counts: "Counts") -> ConsoleError:
    """What was filled before it stopped stays, and is not done twice."""
    if counts.batches:
        error.state = f"Tasks that were filled stay so: {counts.matched:,}."
        error.hint = f"{error.hint} Start it again, and it goes on with the rest.".lstrip()
    return error


def _report(args: argparse.Namespace, counts: "Counts", seconds: float, error: ConsoleError | None, code: Exit) -> None:
    if args.json:
        output.data(
            {
                "event": "result",
                "dry_run": False,
                **counts.as_json(),
                "seconds": round(seconds, 3),
                "error": output.error_object(error) if error else None,
                "exit": int(code),
            }
        )
    else:
        _table(counts.as_json())
    if error:
        output.failure(error, to_json=False)
        return
    output.say(args, f"{number_of(counts.matched, 'task')} filled in {seconds:.1f} s.")
    if counts.remaining:
        output.say(args, "What is left needs its patient first: see emr-console patients import; then start it again.")


def _table(found: Mapping[str, object]) -> None:
    rows = [(what, f"{found[name]:,}") for name, what in WORDS.items() if found.get(name) is not None]
    output.table("", ("what", Column("tasks", right=True)), rows)
