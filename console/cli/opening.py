"""`emr-console` without a command: the console itself, on a terminal."""

import argparse
import asyncio
import sys
from typing import TYPE_CHECKING

from console.cli.target import chosen
from console.errors import ConsoleError, UsageError

if TYPE_CHECKING:
    from console.config.settings import Settings
    from console.db.database import Database
    from console.db.server import Server
    from console.db.target import Target


async def open_console(args: argparse.Namespace) -> int:
    """Open the console on the chosen database."""
    from console.config.choose import here

    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UsageError(
            "The console needs a terminal, and there is none.",
            state="Nothing was done.",
            hint="For scripts every pane has a command, such as emr-console sessions --json.",
        )
    return await console_on(args, chosen(args), here().config.settings)


async def console_on(args: argparse.Namespace, target: "Target", settings: "Settings | None" = None) -> int:
    """Run the console on one database until it is left."""
    from console.db.database import Database

    async with Database(target) as db:
        # The line is slower than we are: the server may answer while the screen's code is still being read.
        early = asyncio.create_task(_reach(db))
        await asyncio.sleep(0)
        from console.app import ConsoleApp
        from console.identity import identify
        from console.ui.header import Header

        app = ConsoleApp(
            db,
            identify(target, db.known),
            start=_pane(args.pane),
            theme=settings.theme if settings else None,
            keymap=settings.keymap if settings else None,
        )

        def tell(server: "Server") -> None:
            app.post_message(Header.Identified(identify(target, server)))

        db.on_server = tell
        await app.run_async(mouse=not args.no_mouse)
        await early
    return app.return_code or 0


async def _reach(db: "Database") -> None:
    """Connect; a pane that cannot will say why, and try again."""
    try:
        await db.server()
    except ConsoleError:
        return


def _pane(name: str | None) -> str | None:
    """The pane to open on, if it exists."""
    from console.registry import PANES

    names = [pane.NAME for pane in PANES]
    if name is not None and name not in names:
        raise UsageError(
            f'There is no pane "{name}".', state="Nothing was done.", hint=f"There are {', '.join(names)}."
        )
    return name
