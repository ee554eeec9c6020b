"""`emr-console maintain`: weeks ahead, old weeks dropped, reports refreshed; for cron and timers, so it never asks."""

import argparse
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from console.cli import confirm, output
from console.cli.columns import Column
from console.cli.target import chosen
from console.cli.values import seconds
from console.errors import Exit, Interrupted

if TYPE_CHECKING:
    from console.db.server import Server
    from console.db.session import Session
    from console.db.target import Target
    from console.services.maintain.models import Result
    from console.services.maintain.steps import Terms

_COLUMNS = (
    Column("step"),
    Column("target", 2, least=20),
    Column("outcome"),
    Column("seconds", 3, right=True),
    Column("what", least=30, folds=True),
)


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    command = commands.add_parser("maintain", help="weeks ahead, old weeks dropped, reports refreshed; for cron")
    command.add_argument("--confirm", metavar="DATABASE", help="on production: weeks over seven years may be dropped")
    command.add_argument(
        "--accept-stall", type=seconds, default=0.0, metavar="SECONDS", help="keep writers out for so long; default 5"
    )
    command.add_argument("--json", action="store_true", help="one JSON object")
    how = command.add_mutually_exclusive_group()
    how.add_argument("--dry-run", action="store_true", help="only say what would be done")
    how.add_argument("--schedule", action="store_true", help="let pg_cron make weeks and refresh reports")
    how.add_argument("--unschedule", action="store_true", help="take that back")
    command.set_defaults(handler=maintain)


async def maintain(args: argparse.Namespace) -> int:
    """Do what is due, and say what became of each step."""
    from console.db.pulse import PULSE, Pulse
    from console.db.session import Session
    from console.services.maintain import service

    target, reads = chosen(args), args.dry_run
    lane = service.MAINTAINING.lane
    async with await Session.open(target, lane, settings=service.SETTINGS, read_only=reads) as session:
        server = await session.server()
        as_of = (await session.fetch_one(PULSE.query, Pulse)).as_of
        if args.schedule or args.unschedule:
            return await _scheduled(args, session, as_of)
        results = await _until_stopped(args, session, _terms(args, target, server))
    # What failed is more than what was found.
    code = min((r.exit for r in results if r.exit), key=lambda each: each == Exit.FINDINGS, default=Exit.OK)
    _report(args, as_of, server, results, code)
    return code


def _terms(args: argparse.Namespace, target: "Target", server: "Server") -> "Terms":
    from console.services.maintain.steps import Terms

    confirmed = confirm.meant(args, server.database) or not target.guarded(server.environment)
    return Terms(confirmed, server.database, args.accept_stall, args.dry_run)


async def _until_stopped(args: argparse.Namespace, session: "Session", terms: "Terms") -> "Sequence[Result]":
    from asyncio import CancelledError

    from console.cli.progress import Line
    from console.services.maintain import service

    line = Line(args)

    def tell(result: "Result") -> None:
        line.show(f"{result.step} {result.target}: {result.outcome}")

    try:
        results = await service.maintain(session, terms, tell)
        args.ending.hear_no_more()
    except CancelledError:
        raise Interrupted(
            "Maintain was interrupted.",
            state="What was done stays; the step at work was rolled back.",
            hint="Run it again: it goes on with the rest.",
        ) from None
    finally:
        line.erase()
    return results


def _report(
    args: argparse.Namespace, as_of: datetime, server: "Server", results: "Sequence[Result]", code: int
) -> None:
    rows = [result.as_json() for result in results]
    if args.json:
        output.answer(as_of, server, dry_run=args.dry_run, rows=rows, exit=code)
        return
    cells = [(r.step, r.target, r.outcome, f"{r.seconds:.1f}" if r.seconds else "", r.message) for r in results]
    output.table("", _COLUMNS, cells)


async def _scheduled(args: argparse.Namespace, session: "Session", as_of: datetime) -> int:
    from console.services.maintain import cron

    jobs = await (cron.schedule(session) if args.schedule else cron.unschedule(session))
    if args.json:
        output.answer(as_of, await session.server(), rows=[job.model_dump() for job in jobs])
    else:
        columns = (Column("job", right=True), "name", "schedule", Column("command", 2, least=30, folds=True))
        output.table("", columns, [(str(job.id), job.name, job.schedule, job.command) for job in jobs])
    if args.schedule:
        output.say(args, cron.LEFT)
    elif not jobs:
        output.say(args, "Nothing of maintain was scheduled here.")
    return 0
