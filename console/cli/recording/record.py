"""`emr-console record FILE`: what the panes show, written down all night; replay shows it in the morning."""

import argparse
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from console.cli import output
from console.cli.target import chosen
from console.errors import Exit, UsageError

if TYPE_CHECKING:
    from console.services.history.recorder import Recorder
    from console.services.history.writing import Writer
    from console.ui.columns import Kind


def span(text: str) -> float:
    """A time span in seconds.

    >>> span("5s"), span("12h")
    (5.0, 43200.0)
    """
    from console.ui.columns import Kind

    return _more_than_nothing(text, Kind.SECONDS)


def size(text: str) -> float:
    """A size in bytes.

    >>> size("500MB")
    524288000.0
    """
    from console.ui.columns import Kind

    return _more_than_nothing(text, Kind.BYTES)


def _more_than_nothing(text: str, kind: "Kind") -> float:
    from console.ui.quantities import quantity

    try:
        found = quantity(text, kind)
    except UsageError as error:
        raise argparse.ArgumentTypeError(error.message) from error
    if found <= 0:
        raise argparse.ArgumentTypeError(f"{text} is nothing")
    return found


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    command = commands.add_parser("record", help="write down what the panes show, for replay; no values, no patients")
    command.add_argument("file", type=Path, metavar="FILE", help="a new one, or one of the same database to go on with")
    command.add_argument("--every", type=span, default=5.0, metavar="SPAN", help="between two moments; default 5s")
    command.add_argument("--for", type=span, dest="whole", metavar="SPAN", help="then end; without it until a signal")
    command.add_argument(
        "--keep", type=span, default=604_800.0, metavar="SPAN", help="forget what is older; default 7d"
    )
    command.add_argument("--size", type=size, default=1 << 30, metavar="SIZE", help="forget the oldest; default 1GB")
    command.set_defaults(handler=record)


async def record(args: argparse.Namespace) -> int:
    """Record until the time is over, or until a signal comes; either is a good end."""
    from console.db.database import Database
    from console.recorded import RECORDED
    from console.services.history.models import Limits
    from console.services.history.recorder import Recorder
    from console.services.history.writing import Writer
    from console.shared.identity import identify

    async with Database(chosen(args)) as db:
        about = asdict(identify(db.target, await db.server()))
        limits = Limits(timedelta(seconds=args.keep), int(args.size))
        with Writer(args.file, about, f"{db.target.host}:{db.target.port}/{db.target.dbname}", limits) as writer:
            names = ", ".join(pane.title for pane in RECORDED)
            output.say(args, f"Recording {names} of {db.target.describe()} into {args.file}; ctrl+c ends it.")
            recorder = Recorder(db, RECORDED, writer)
            await _until_the_end(args, recorder)
            output.say(args, _outcome(recorder, writer))
    return Exit.OK


async def _until_the_end(args: argparse.Namespace, recorder: "Recorder") -> None:
    import asyncio

    try:
        async with asyncio.timeout(args.whole):
            await recorder.run(args.every)
    except TimeoutError:
        pass
    except asyncio.CancelledError:
        task = asyncio.current_task()
        if task is not None:
            task.uncancel()


def _outcome(recorder: "Recorder", writer: "Writer") -> str:
    from console.units import bytes_text, number_of

    return f"Recorded: {number_of(recorder.moments, 'moment')}; {writer.path} holds {bytes_text(writer.size)}."
