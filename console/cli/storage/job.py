"""`emr-console job run|pause|resume|interval|config ID`: changes of one job of TimescaleDB."""

import argparse
from typing import TYPE_CHECKING

from console.cli import confirm, output
from console.cli.target import chosen
from console.errors import Interrupted

if TYPE_CHECKING:
    from console.db.server import Server
    from console.db.session import Session
    from console.services.jobs.changing import Verb
    from console.services.storage_actions.plan import Done, Plan

STOPS = ("job.pause",)
"""Changes that stop something, and so need a reason."""


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the group and its actions."""
    group = commands.add_parser("job", help="run, pause or resume a job, or change its settings")
    actions = group.add_subparsers(metavar="ACTION", required=True, parser_class=type(group))
    _add(actions, "run", "now: by the scheduler if it lives, else on a connection of ours")
    _add(actions, "pause", "start it no more")
    _add(actions, "resume", "start it again when it is due")
    _add(actions, "interval", "how often it is started", ("INTERVAL", "such as '1 hour'"))
    _add(actions, "config", "what its procedure is told", ("JSON", """such as '{"drop_after": "7 years"}'"""))


def _add(
    actions: "argparse._SubParsersAction[argparse.ArgumentParser]",
    verb: "Verb",
    what: str,
    value: tuple[str, str] | None = None,
) -> None:
    action = actions.add_parser(verb, help=what)
    action.add_argument("id", metavar="ID", type=int, help="as emr-console jobs lists it")
    if value is not None:
        action.add_argument("value", metavar=value[0], help=value[1])
    action.add_argument("--yes", action="store_true", help="do not ask")
    action.add_argument("--reason", metavar="TEXT", type=confirm.reason, help="why, for the record")
    action.add_argument("--confirm", metavar="DATABASE", help="instead of --yes, where rows go on production")
    action.add_argument("--json", action="store_true", help="one JSON object")
    action.set_defaults(handler=change, verb=verb, value="")


async def change(args: argparse.Namespace) -> int:
    """Change one job, after a yes."""
    from console.db.database import LANES
    from console.db.session import Session
    from console.services.jobs import changing

    async with await Session.open(chosen(args), "act", settings=LANES["act"]) as session:
        server = await session.server()
        wanted = await changing.plan(session, args.verb, args.id, args.value)
        reason = await _agreed(args, session, server, wanted)
        done = await _whole(args, session, wanted, reason)
    if args.json:
        said = {"job": args.id, "action": args.verb, "outcome": "done", "message": done.said.sentence}
        output.data({**said, "seconds": round(done.seconds, 3), "sql": wanted.sql})
    output.say(args, f"{done.said.sentence} {done.kept.sentence}")
    return 0


async def _agreed(args: argparse.Namespace, session: "Session", server: "Server", wanted: "Plan") -> str:
    """The reason, once a person has agreed."""
    for label, fact in wanted.facts if confirm.asks() else ():
        output.say(args, f"{label}: {fact}")
    what = f"{session.target.describe()}: {wanted.title}. {wanted.consequence} Sends: {wanted.sql}"
    if wanted.typed:
        grave = session.target.guarded(server.environment)
        return await confirm.destruction(args, what, word=wanted.typed, database=server.database, grave=grave)
    if wanted.kind in STOPS:
        return await confirm.recorded(args, what)
    await confirm.change(args, what)
    return args.reason or ""


async def _whole(args: argparse.Namespace, session: "Session", wanted: "Plan", reason: str) -> "Done":
    from asyncio import CancelledError

    from console.services.storage_actions.performing import perform

    try:
        done = await perform(session, wanted, reason)
        args.ending.hear_no_more()
    except CancelledError:
        raise Interrupted(
            f"Interrupted: {wanted.title}.",
            state="What had been committed by then stays; the rest was rolled back.",
            hint="See emr-console jobs.",
        ) from None
    return done
