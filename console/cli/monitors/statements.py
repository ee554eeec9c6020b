"""`emr-console statements`: what statements have cost since the last reset, and what has been running for long."""

import argparse
from typing import TYPE_CHECKING

from console.cli import output
from console.cli.columns import Column
from console.cli.target import chosen
from console.errors import UsageError

if TYPE_CHECKING:
    from console.panes.statements.models import Running, Snapshot, Statement

ORDERS = ("total", "mean", "stddev", "calls", "rows", "temp", "wal")
"""By what they can be ordered; spelled out, because the service is heavy to load for a --help."""

MOST = 1_000
"""Statements that can be asked for at once."""


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    command = commands.add_parser("statements", help="what is slow, now and since the last reset")
    command.add_argument("--json", action="store_true", help="one JSON object")
    command.add_argument("--limit", type=int, default=50, metavar="N", help="so many statements (50)")
    command.add_argument("--order", choices=ORDERS, default="total", help="the dearest by this (total)")
    command.set_defaults(handler=statements)


async def statements(args: argparse.Namespace) -> int:
    """Print the dearest statements and what runs; texts have no literals."""
    from console.db.database import Database
    from console.panes.statements.service import Reader

    if not 1 <= args.limit <= MOST:
        raise UsageError(f"--limit takes 1 to {MOST}.")
    async with Database(chosen(args)) as db:
        server = await db.server()
        found = await Reader(db).read(by=args.order, limit=args.limit)
    if args.json:
        rows = [statement.as_json() for statement in found.statements]
        running = [running.as_json() for running in found.running]
        output.answer(found.as_of, server, **_totals(found), rows=rows, running=running)
    else:
        _print(args, found)
    return 0


def _totals(found: "Snapshot") -> dict[str, object]:
    """What the rows are parts of; why there are none."""
    if found.totals is None:
        return {"unavailable": found.unavailable}
    totals = found.totals
    return {
        "since": totals.reset,
        "entries": totals.entries,
        "total_time": totals.total_time,
        "hidden": totals.hidden,
        "thrown_away": totals.thrown_away,
    }


def _print(args: argparse.Namespace, found: "Snapshot") -> None:
    if found.statements:
        output.table("", COLUMNS, [cells(statement) for statement in found.statements])
    if found.running:
        output.table("running for more than a second", RUNNING, [running_cells(running) for running in found.running])
    for line in (found.unavailable, found.running_denied, _hidden(found)):
        if line:
            output.say(args, line)
    if not found.statements and not found.running and not found.unavailable:
        output.say(args, "Nothing has been counted yet, and nothing has run for more than a second.")


def _hidden(found: "Snapshot") -> str:
    if found.totals is None or not found.totals.hidden or not found.grant:
        return ""
    return f"What others run is hidden from this role; a superuser can show it: {found.grant}"


COLUMNS = (
    Column("share", right=True),
    Column("total", right=True),
    Column("mean", right=True),
    Column("± stddev", 4, right=True),
    Column("calls", right=True),
    Column("rows", 3, right=True),
    Column("hit", 5, right=True),
    Column("temp", 6, right=True),
    Column("WAL", 7, right=True),
    Column("user", 8, least=8),
    Column("database", 9, least=8),
    Column("statement", 2, least=18),
)
"""What is shown of a statement for a person."""

RUNNING = (
    Column("runs for", right=True),
    Column("pid", right=True),
    Column("user", 3, least=8),
    Column("application", 4, least=11),
    Column("wait", 5),
    Column("statement", 2, least=18),
)
"""The same of one that still runs."""


def cells(row: "Statement") -> list[str]:
    """One statement as the cells of COLUMNS."""
    from console.units import bytes_text, count, duration

    return [
        "" if row.share is None else f"{row.share:.1%}",
        duration(row.total_time),
        duration(row.mean_time),
        duration(row.stddev_time) if row.calls > 1 else "",
        count(row.calls),
        count(row.rows),
        "" if row.hit_ratio is None else f"{row.hit_ratio:.1%}",
        bytes_text(row.temp_bytes or None),
        bytes_text(row.wal_bytes or None),
        row.user or "",
        row.database or "",
        one_line(row.query),
    ]


def running_cells(row: "Running") -> list[str]:
    """One running statement as the cells of RUNNING."""
    from console.units import age

    wait = f"{row.wait_event_type}:{row.wait_event}" if row.wait_event_type else ""
    return [age(row.age), str(row.pid), row.user or "", row.application or "", wait, one_line(row.query)]


def one_line(query: str | None) -> str:
    """A statement without its line breaks.

    >>> one_line("select ?\\n  from tasks")
    'select ? from tasks'
    """
    return " ".join((query or "").split())
