"""`emr-console demo`: the console on a hospital of its own, with nothing to set up."""

import argparse
import os
import signal
import time
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

from console.cli import output
from console.cli.demo.generate import scale
from console.errors import ConsoleError, Exit, Interrupted, UsageError
from console.units import bytes_text

if TYPE_CHECKING:
    from console.config.settings import Settings
    from console.demo.build import Demo, Narration

NOTHING = "Nothing was started."
"""The state of things after a refusal."""


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    command = commands.add_parser("demo", help="an embedded server with synthetic data, and the console on it")
    command.add_argument("--headless", action="store_true", help="no console: one JSON line, then wait for SIGTERM")
    command.add_argument("--fresh", action="store_true", help="build the demo anew")
    command.add_argument("--scale", type=scale, metavar="F", help="how much data; default 0.05")
    command.add_argument("--no-traffic", action="store_true", help="no background sessions")
    command.set_defaults(handler=demo)


async def demo(args: argparse.Namespace) -> int:
    """Run until the console is left or, without one, until a signal comes."""
    from asyncio import CancelledError

    _refuse_misuse(args)
    for name in [each for each in os.environ if each.startswith("PG")]:
        del os.environ[name]  # libpq would mix them into every connection, and they are of another server
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)  # where it is ignored, as under some supervisors, initdb fails
    settings = None if args.headless else _settings(args)
    try:
        return await _demo(args, settings)
    except CancelledError:
        raise Interrupted(
            "The demo was interrupted before it was ready.",
            state="Its server is stopped.",
            hint="Start it again; what is incomplete is built anew.",
        ) from None
    except OSError as error:
        from console.demo import build, room

        if error.errno not in room.NO_ROOM:
            raise
        wanted = args.scale or build.DEFAULT_SCALE
        raise ConsoleError(
            f"The demo has no room ({error.strerror}).",
            state="No server is running.",
            hint=f"At scale {wanted:g} it takes about {bytes_text(room.needed(wanted))}: free that, or give a smaller "
            "--scale, and start it again; what is incomplete is built anew.",
            exit=Exit.OUT_OF_SPACE,
        ) from error


def _refuse_misuse(args: argparse.Namespace) -> None:
    from console.cli.opening import has_screen

    if args.dsn or args.profile:
        from console.cli.target import given_source

        hint = f"Leave out {given_source(args)}."
        raise UsageError("The demo brings its own database.", state=NOTHING, hint=hint)
    if not args.headless and not has_screen():
        raise UsageError("The console needs a terminal, and there is none.", state=NOTHING, hint="Add --headless.")


def _settings(args: argparse.Namespace) -> "Settings":
    """How the console is to look; what is wrong with that is said before the demo is built."""
    from console.cli.opening import chosen_pane
    from console.config.choose import here

    chosen_pane(args.pane)
    return here().config.settings


async def _demo(args: argparse.Namespace, settings: "Settings | None") -> int:
    from console.demo import build
    from console.demo.traffic.services import traffic

    started = time.monotonic()
    async with AsyncExitStack() as stack:
        wish = build.Wish(scale=args.scale, fresh=args.fresh)
        demo = await stack.enter_async_context(build.running(wish, _narration(args)))
        if not args.no_traffic:
            await stack.enter_async_context(traffic(demo.target))
        stack.callback(args.ending.hear_no_more)  # a second signal would leave the server behind
        return await _serve(args, settings, demo, time.monotonic() - started)


async def _serve(args: argparse.Namespace, settings: "Settings | None", demo: "Demo", seconds: float) -> int:
    """Stay until the person leaves or a signal comes; either is a good end."""
    import asyncio

    try:
        if args.headless:
            output.data(await _card(demo, seconds))
            raise await demo.cluster.ended()
        return await _console(args, settings, demo)
    except asyncio.CancelledError:
        task = asyncio.current_task()
        if task is not None:
            task.uncancel()
        return Exit.OK


async def _console(args: argparse.Namespace, settings: "Settings | None", demo: "Demo") -> int:
    from console.cli.opening import console_on

    return await console_on(args, demo.target, settings)


async def _card(demo: "Demo", seconds: float) -> dict[str, object]:
    """What scripts need to know of a demo; the password stays in its file."""
    from console.db.session import Session

    async with await Session.open(demo.target, "demo") as session:
        flavour = (await session.server()).flavour
    return {
        "dsn": demo.cluster.dsn(demo.target.dbname),
        "pid": os.getpid(),
        "data_dir": str(demo.cluster.data),
        "flavour": flavour,
        "seconds": round(seconds, 3),
        "counts": demo.counts,
    }


def _narration(args: argparse.Namespace) -> "Narration":
    from console.cli.progress import Progress
    from console.demo.build import Narration

    return Narration(lambda sentence: output.say(args, sentence), lambda total: Progress(args, total))
