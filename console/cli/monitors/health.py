"""`emr-console health`: is it well now?"""

import argparse
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from console.cli import output
from console.cli.columns import Column
from console.cli.target import chosen
from console.errors import ConnectionFailed, Exit, UsageError
from console.iso import to_minute
from console.units import number_of

if TYPE_CHECKING:
    from console.db.target import Target
    from console.services.health.models import Finding

COLUMNS = (
    Column("level"),
    Column("check", 3),
    Column("about", 2),
    Column("finding", least=30, folds=True),
    Column("pane", 4),
)
"""What is shown of a finding for a person."""


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    command = commands.add_parser("health", help="is it well now? 1 if not")
    command.add_argument("--json", action="store_true", help="one JSON object")
    command.add_argument("--prometheus", metavar="FILE", type=Path, help="write a file for node_exporter, too")
    command.add_argument(
        "--critical-only", action="store_true", help="exit 1 on critical findings only; every check is still printed"
    )
    command.set_defaults(handler=health)


async def health(args: argparse.Namespace) -> int:
    """Print every check once, the worst first."""
    from console.config.choose import here
    from console.db.database import Database
    from console.services.health import prometheus, service

    around = here()
    target = chosen(args, around)
    try:
        async with Database(target) as db:
            server = await db.server()
            found = await service.examine(db, around.config.settings.thresholds(target.profile))
            pulse = db.pulses.latest
    except ConnectionFailed:
        _write(args, prometheus.down(_labels(target)))
        raise
    asked = datetime.now(UTC)  # by this machine's clock, beside which whoever scrapes it tells whether it is old
    _write(args, prometheus.exposition(found, asked, _labels(target)))
    level = service.worst_level(found)
    if args.json:
        rows = [finding.as_json() for finding in found]
        output.answer(pulse.as_of if pulse else asked, server, level=level, rows=rows)
    else:
        output.table("", COLUMNS, [cells(finding) for finding in found])
        output.say(args, verdict(found))
    return Exit.FINDINGS if level in (("crit",) if args.critical_only else ("crit", "warn")) else Exit.OK


def cells(finding: "Finding") -> list[str]:
    """One finding as the cells of COLUMNS."""
    aside = f" [snoozed until {to_minute(finding.snooze.until)} UTC]" if finding.snooze else ""
    return [finding.level.upper(), finding.id, finding.title, finding.verdict.evidence + aside, finding.pane]


def verdict(found: "Sequence[Finding]") -> str:
    """All of it in one line.

    >>> verdict([])
    '0 checks: all is well.'
    """
    levels = [finding.level.value for finding in found]
    words = {"crit": "critical", "warn": "to be looked at", "unknown": "unknown"}
    bad = [f"{levels.count(level)} {word}" for level, word in words.items() if level in levels]
    return f"{number_of(len(found), 'check')}: {', '.join(bad) or 'all is well'}."


def _labels(target: "Target") -> dict[str, str]:
    return {"database": target.address()}


def _write(args: argparse.Namespace, text: str) -> None:
    if args.prometheus is None:
        return
    from console.services.health import prometheus

    try:
        prometheus.write(args.prometheus, text)
    except OSError as error:
        raise UsageError(
            f"{args.prometheus} cannot be written ({error.strerror}).",
            hint="Name a file in a folder that you may write.",
        ) from error
