"""`emr-console replay FILE`: the panes as they were, moment by moment."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from console.errors import UsageError

if TYPE_CHECKING:
    from datetime import datetime

    from console.config.settings import Settings
    from console.services.history.reading import Reader
    from console.services.history.timeline import Replay


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    command = commands.add_parser("replay", help="open a recording: the panes as they were, without any server")
    command.add_argument("file", type=Path, metavar="FILE", help="what record has written")
    command.add_argument("--at", metavar="TIME", help="03:12, 2026-03-14 03:12 (UTC); from the end --at=-10m")
    command.set_defaults(handler=replay)


async def replay(args: argparse.Namespace) -> int:
    """Open the console on a recording."""
    from console.cli.opening import has_screen, refuse_trace
    from console.config.choose import here
    from console.recorded import RECORDED
    from console.services.history.reading import Reader
    from console.services.history.timeline import Replay

    if args.dsn or args.profile:
        from console.cli.target import given_source

        hint = f"Leave out {given_source(args)}."
        raise UsageError("A recording needs no database.", state="Nothing was done.", hint=hint)
    refuse_trace(args)
    with Reader(args.file) as reader:
        timeline = Replay(reader, RECORDED)
        at, note = _moment(args, timeline)
        if not has_screen():
            raise UsageError("The console needs a terminal, and there is none.", state="Nothing was done.")
        return await _shown(args, reader, timeline, at, note, here().config.settings)


def _moment(args: argparse.Namespace, timeline: "Replay") -> "tuple[datetime, str]":
    """Where to begin: at the time that was asked for, else at the end; and what there is to say of it."""
    from console.services.history.reading import nearest
    from console.ui.moments import beyond, meant

    moments = [point.at for point in timeline.course]
    if not moments:
        raise UsageError(f"{args.file} holds no moment yet.", hint="Record for a while.")
    if not args.at:
        return moments[-1], ""
    wanted = meant(args.at, moments[-1], moments[-1])
    return nearest(moments, wanted), beyond(moments, wanted)


async def _shown(
    args: argparse.Namespace, reader: "Reader", timeline: "Replay", at: "datetime", note: str, settings: "Settings"
) -> int:
    from console.cli.opening import chosen_pane
    from console.replay import ReplayApp

    app = ReplayApp(
        timeline,
        reader.about,
        at=at,
        note=note,
        start=chosen_pane(args.pane),
        theme=settings.theme,
        keymap=settings.keymap,
    )
    await app.run_async(mouse=not args.no_mouse)
    return app.return_code or 0
