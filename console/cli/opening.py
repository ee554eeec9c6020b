"""`emr-console` without a command: the console itself, on a terminal."""

import argparse
import asyncio
import gc
import sys
from typing import TYPE_CHECKING

from console.cli import output
from console.cli.target import chosen
from console.errors import ConsoleError, UsageError

if TYPE_CHECKING:
    from console.app import ConsoleApp
    from console.config.settings import Settings
    from console.db.database import Database
    from console.db.pulse import Pulse
    from console.db.server import Server
    from console.db.target import Target


async def open_console(args: argparse.Namespace) -> int:
    """Open the console on the chosen database."""
    from console.config.choose import here

    if not has_screen():
        raise UsageError(
            "The console needs a terminal, and there is none.",
            state="Nothing was done.",
            hint="For scripts every pane has a command, such as emr-console sessions --json.",
        )
    refuse_trace(args)
    around = here()
    code = await console_on(args, chosen(args, around), around.config.settings)
    return 128 + args.ending.sign if args.ending.sign else code


def has_screen() -> bool:
    """Whether there is a terminal to show the console on."""
    return output.is_terminal(sys.stdin) and output.is_terminal(sys.stdout)


def refuse_trace(args: argparse.Namespace) -> None:
    """The screen has no room for --trace-sql."""
    if args.trace_sql:
        raise UsageError(
            "--trace-sql writes to stderr, which is the console's screen.",
            state="Nothing was done.",
            hint="Use it with a command, such as emr-console --trace-sql sessions.",
        )


async def console_on(args: argparse.Namespace, target: "Target", settings: "Settings | None" = None) -> int:
    """Run the console on one database until it is left."""
    from console.db.database import Database

    async with Database(target) as db:
        # The line is slower than we are: the server may answer while the screen's code is still being read.
        early = asyncio.create_task(_reach(db))
        await asyncio.sleep(0)
        app = _app(args, db, target, settings)

        def leave(early: "asyncio.Task[UsageError | None]") -> None:
            if not early.cancelled() and early.result():
                app.exit()

        listen(app, db, settings)
        early.add_done_callback(leave)
        collect_garbage()
        await app.run_async(mouse=not args.no_mouse)
        early.cancel()  # a silent host would keep us until its time is up
        await asyncio.wait([early])
    if not early.cancelled() and (wrong := early.result()):
        raise wrong
    return app.return_code or 0


def _app(args: argparse.Namespace, db: "Database", target: "Target", settings: "Settings | None") -> "ConsoleApp":
    from console.app import ConsoleApp
    from console.shared.identity import identify

    return ConsoleApp(
        db,
        identify(target, db.known),
        start=chosen_pane(args.pane),
        theme=settings.theme if settings else None,
        keymap=settings.keymap if settings else None,
        interval=settings.interval if settings else None,
    )


def collect_garbage() -> None:
    """Collect as often as what runs for hours must; with the thresholds of the start that is hardly ever done.

    A closed page is garbage with cycles in it, some hundred kilobytes. What is there now stays, and is left out.
    """
    gc.freeze()
    gc.set_threshold(5_000, 10, 10)


def listen(app: "ConsoleApp", db: "Database", settings: "Settings | None") -> None:
    """Tell the frame whenever more is known of the server, or something is wrong with it."""
    from console.config.health import Health
    from console.services.alerts import Watch
    from console.shared.identity import identify
    from console.ui.alarms import Alarmed
    from console.ui.header import Header

    watch = Watch(settings.thresholds(db.target.profile) if settings else Health())

    def tell(server: "Server") -> None:
        app.post_message(Header.Identified(identify(db.target, server)))

    def beat(pulse: "Pulse") -> None:
        alerts = watch.beat(pulse)
        if alerts is not None:
            app.post_message(Alarmed(alerts))

    db.on_server, db.on_pulse = tell, beat


async def _reach(db: "Database") -> UsageError | None:
    """Connect; a pane that cannot will say why, and try again, unless this address can never serve, as a pooler's."""
    try:
        await db.server()
    except UsageError as error:
        return error
    except ConsoleError:
        pass
    return None


def chosen_pane(name: str | None) -> str | None:
    """The pane to open on, if it exists."""
    from console.registry import PANES

    names = [pane.NAME for pane in PANES]
    if name is not None and name not in names:
        raise UsageError(
            f'There is no pane "{name}".', state="Nothing was done.", hint=f"Choose one of {', '.join(names)}."
        )
    return name
