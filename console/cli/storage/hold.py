"""`emr-console retention hold|release`: legal holds, which keep a table's rows from being dropped."""

import argparse
from typing import TYPE_CHECKING

from console.cli import confirm, output
from console.cli.acting import acting
from console.errors import Interrupted

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from console.services.retention.models import Change


def register(actions: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add both below `retention`."""
    for name, what, handler in (
        ("hold", "keep the rows of a table from being dropped, and pause its retention policy", hold),
        ("release", "end a hold; after the last one the retention policy goes on", release),
    ):
        action = actions.add_parser(name, help=what)
        action.add_argument("table", metavar="TABLE", help="as SQL spells it; without a schema it is one of public's")
        action.add_argument("--name", metavar="NAME", help="what the hold is called")
        action.add_argument("--reason", metavar="TEXT", type=confirm.reason, help="why, for the record")
        action.add_argument("--yes", action="store_true", help="do not ask")
        action.add_argument("--json", action="store_true", help="one JSON object")
        action.set_defaults(handler=handler)


async def hold(args: argparse.Namespace) -> int:
    """Place a hold, after a yes."""
    from console.services.retention import holding, holds

    name = args.name or holding.NAME
    async with acting(args, holding.SETTINGS) as session:
        table = (await holds.find(session, args.table)).told
        what = f'this places the hold "{name}" on {table}: no command of emr-console drops its rows while it stands.'
        reason = await confirm.recorded(args, f"{session.target.describe()}: {what}")
        placed = await _whole(args, holding.place(session, args.table, name, reason))
    _report(args, placed, "held", f'{table} is under the hold "{name}" now.')
    return 0


async def release(args: argparse.Namespace) -> int:
    """Release a hold, after a yes."""
    from console.services.retention import holding

    async with acting(args, holding.SETTINGS) as session:
        found = await holding.chosen(session, args.table, args.name)
        what = f"this releases the hold on {found.table} that is called {found.told}."
        reason = await confirm.recorded(args, f"{session.target.describe()}: {what}")
        released = await _whole(args, holding.release(session, args.table, found.name, reason))
    _report(args, released, "released", f'The hold "{found.name}" on {found.table} is released.')
    return 0


async def _whole(args: argparse.Namespace, work: "Coroutine[object, object, Change]") -> "Change":
    from asyncio import CancelledError

    try:
        done = await work
        args.ending.hear_no_more()
    except CancelledError:
        raise Interrupted(
            "Interrupted while a hold was being changed.",
            state="Either all of it was changed or nothing.",
            hint="See emr-console retention.",
        ) from None
    return done


def _report(args: argparse.Namespace, change: "Change", outcome: str, sentence: str) -> None:
    if args.json:
        output.data(
            {
                "table": change.hold.table,
                "name": change.hold.name,
                "outcome": outcome,
                "jobs": change.jobs,
                "running": change.running,
                "others": change.others,
            }
        )
    jobs = f" Retention {_numbered(change.jobs)} {'paused' if outcome == 'held' else 'resumed'}." if change.jobs else ""
    running = f" {_numbered(change.running).capitalize()} at work now and may finish." if change.running else ""
    others = f" It is still held by {', '.join(change.others)}." if change.others else ""
    output.say(args, f"{sentence}{jobs}{running}{others} {change.where}")


def _numbered(jobs: list[int]) -> str:
    """Jobs as the beginning of a sentence.

    >>> _numbered([1001]), _numbered([1001, 1002])
    ('job 1001 is', 'jobs 1001, 1002 are')
    """
    numbers = ", ".join(map(str, jobs))
    return f"job {numbers} is" if len(jobs) == 1 else f"jobs {numbers} are"
