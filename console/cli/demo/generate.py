"""`emr-console generate`: fill a database with a synthetic hospital."""

import argparse
import time
from typing import TYPE_CHECKING

from console.cli import output
from console.cli.columns import Column
from console.cli.target import chosen
from console.cli.values import moment
from console.errors import Interrupted
from console.iso import to_minute
from console.units import number_of

if TYPE_CHECKING:
    from console.db.session import Session
    from console.demo.generate.service import Options, Report


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    command = commands.add_parser("generate", help="fill a database with synthetic patients, tasks and audit rows")
    command.add_argument("--scale", type=scale, default=1.0, metavar="F", help="1.0: 10 million audit rows")
    command.add_argument("--seed", type=int, default=1, metavar="N", help="the same seed makes the same rows")
    command.add_argument("--until", type=moment, metavar="TIME", help="the data end here; default now")
    command.add_argument("--into-existing", action="store_true", help="add to the rows that are there")
    command.add_argument("--json", action="store_true", help="one JSON object")
    command.set_defaults(handler=generate)


def scale(text: str) -> float:
    """A factor above 0 and up to 100.

    >>> scale("0.05")
    0.05
    """
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value <= 100:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number above 0 and up to 100")
    return value


async def generate(args: argparse.Namespace) -> int:
    """Write the rows; what was written goes to stdout."""
    from asyncio import CancelledError

    from console.cli.progress import Progress
    from console.demo.generate import service, volumes
    from console.migrate.trust import opened

    options = _options(args)
    target = chosen(args)
    progress = Progress(args, volumes.at(options.scale).total)
    started = time.monotonic()
    async with await opened(target, "generate", settings=service.SETTINGS) as session:
        try:
            report = await service.generate(session, target, options, progress)
            args.ending.hear_no_more()
        except CancelledError:
            raise await _interrupted(session) from None
        finally:
            progress.close()
    _print(args, report, time.monotonic() - started)
    return 0


async def _interrupted(session: "Session") -> Interrupted:
    """What the person who pressed Ctrl-C has now."""
    from console.demo.generate import service

    if not await service.is_filled(session):
        return Interrupted(
            "Generating was interrupted.", state="Nothing was written.", hint="Run it again to begin anew."
        )
    return Interrupted(
        "Generating was interrupted.",
        state="What was committed so far stays.",
        hint="Drop the database and begin anew, or add --into-existing and another --seed.",
    )


def _options(args: argparse.Namespace) -> "Options":
    from console.demo.generate.service import Options

    chosen_end = {"until": args.until} if args.until else {}
    return Options(scale=args.scale, seed=args.seed, into_existing=args.into_existing, **chosen_end)


def _print(args: argparse.Namespace, report: "Report", seconds: float) -> None:
    if args.json:
        output.data({**report.as_json(), "seconds": round(seconds, 3)})
        return
    output.table(
        "", ("table", Column("rows", right=True)), [(table, f"{count:,}") for table, count in report.counts.items()]
    )
    output.table(
        "To be found by an auditor",
        ("what", Column("user", 2, least=12), Column("patient", 3), Column("events", right=True)),
        [(story.kind, story.user, story.patient or "", str(len(story.events))) for story in report.stories],
    )
    rows = sum(report.counts.values())
    again = f"--seed {report.options.seed} --until {to_minute(report.options.until, 'T')}"
    output.say(args, f"{number_of(rows, 'row')} in {seconds:.1f} s. The same rows again: {again}")
