"""`emr-console audit seal`: the audit log made tamper-evident, day by day."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from console.cli import output
from console.cli.acting import acting
from console.cli.progress import Line
from console.errors import Exit
from console.units import number_of

if TYPE_CHECKING:
    from console.services.audit.sealing.models import Progress


def register(actions: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the action."""
    action = actions.add_parser("seal", help="seal every day of the audit log that is over for 48 hours")
    action.add_argument(
        "--export", metavar="FILE", type=Path, help="write all seals into a new file, to keep elsewhere"
    )
    action.add_argument("--json", action="store_true", help="one JSON object")
    action.set_defaults(handler=seal)


async def seal(args: argparse.Namespace) -> int:
    """Seal what is closed; a second run finds nothing to do."""
    from console.services.audit.export import signing
    from console.services.audit.sealing import file, service

    line = Line(args)
    async with acting(args, service.SETTINGS) as session:
        key = signing.signing_key(signing.configured(session.target.profile))
        try:
            done, kept = await service.seal(session, key, lambda progress: line.show(standing(progress)))
        finally:
            line.erase()
        server, exported = await session.server(), await service.everything(session) if args.export else []
        as_of = (await service.here(session)).now
    if args.export:
        file.write(args.export, exported, as_of, server.database)
    if args.json:
        rows = [each.model_dump(mode="json") for each in done]
        output.answer(as_of, server, rows=rows)
    for each in done:
        retired = f", {each.retired:,} retired" if each.retired else ""
        until = f" It is sealed up to {each.last}, by seal {each.number}." if each.last else ""
        output.say(
            args,
            f"{each.table}: {number_of(each.days, 'day')} with {number_of(each.rows, 'row')} sealed{retired}.{until}",
        )
    if any(each.days for each in done):
        output.say(args, f"Signed by {key.public[:16]}." if key else "Not signed: no audit.signing_key is configured.")
    if kept.why:
        output.say(args, kept.sentence)
    if args.export:
        output.say(args, f"{args.export} holds {number_of(len(exported), 'seal')}. Keep it where no DBA can change it.")
    return Exit.OK


def standing(progress: "Progress") -> str:
    """How far it is.

    >>> from console.services.audit.sealing.models import Progress
    >>> standing(Progress("audit_logs", 1_204, 2_555))
    'audit_logs: 1,204 of 2,555 days hashed'
    """
    return f"{progress.table}: {progress.done:,} of {progress.days:,} days hashed"
