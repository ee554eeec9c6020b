"""`emr-console audit seal` and `audit verify --seals`: the audit log made tamper-evident, day by day."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from console.cli import output
from console.cli.acting import acting
from console.cli.columns import Column
from console.cli.target import chosen
from console.errors import Exit

if TYPE_CHECKING:
    from console.services.audit.sealing.models import Finding
    from console.services.audit.sealing.verifying import Verified


def register(actions: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the action; verifying is the other module's, `audit verify`."""
    action = actions.add_parser("seal", help="seal every day of the audit log that is over for 48 hours")
    action.add_argument(
        "--export", metavar="FILE", type=Path, help="write all seals into a new file, to keep elsewhere"
    )
    action.add_argument("--json", action="store_true", help="one JSON object")
    action.set_defaults(handler=seal)


async def seal(args: argparse.Namespace) -> int:
    """Seal what is closed; a second run finds nothing to do."""
    from console.services.audit.sealing import file, service

    async with acting(args, service.SETTINGS) as session:
        done, kept = await service.seal(session)
        server, exported = await session.server(), await service.everything(session) if args.export else []
        as_of = (await service.here(session)).now
    if args.export:
        file.write(args.export, exported, as_of, server.database)
    if args.json:
        rows = [each.model_dump(mode="json") for each in done]
        output.data({"as_of": as_of, "flavour": server.flavour, "server": server.version, "rows": rows})
    for each in done:
        retired = f", {each.retired:,} retired" if each.retired else ""
        until = f" It is sealed up to {each.last}, by seal {each.number}." if each.last else ""
        output.say(args, f"{each.table}: {each.days:,} days with {each.rows:,} rows sealed{retired}.{until}")
    if kept.why:
        output.say(args, kept.sentence)
    if args.export:
        output.say(args, f"{len(exported):,} seals are in {args.export}. Keep it where no DBA can change it.")
    return Exit.OK


async def verify_seals(args: argparse.Namespace) -> int:
    """Hash all sealed days again: 0 all is as it was sealed, 1 rows came later as well, 22 something was changed."""
    from console.db.database import LANES
    from console.db.session import Session
    from console.services.audit.sealing import file, service, verifying

    known = file.read(args.against) if args.against else None
    settings = LANES["query"] | service.SETTINGS
    async with await Session.open(chosen(args), "query", settings=settings, read_only=True) as session:
        server, result = await session.server(), await verifying.verify(session, known)
    if args.json:
        head = {"as_of": result.as_of, "flavour": server.flavour, "server": server.version}
        chains = [each.model_dump(mode="json") for each in result.chains]
        rows = [each.model_dump(mode="json") for each in result.findings]
        output.data(head | {"ok": result.intact, "chains": chains, "rows": rows})
    elif result.findings:
        output.table("", COLUMNS, [_cells(each) for each in result.findings])
    _narrate(args, result)
    return Exit.OK if not result.findings else Exit.FINDINGS if result.intact else Exit.VERIFY_FAILED


def _narrate(args: argparse.Namespace, result: "Verified") -> None:
    for each in result.chains:
        if each.last is None:
            output.say(args, f"{each.table}: no day is sealed.")
            continue
        retired = f", {each.retired:,} of them retired" if each.retired else ""
        output.say(
            args,
            f"{each.table}: {each.seals:,} seals{retired}, {each.rows:,} rows, {each.first} to {each.last}."
            f" The last seal is {each.head}.",
        )
    output.say(args, _verdict(result, compared=args.against is not None))


def _verdict(result: "Verified", *, compared: bool) -> str:
    if not result.intact:
        return "The audit log is not what was sealed."
    if result.findings:
        return "Every sealed row is as it was; others were written later, by devices that were offline or by somebody."
    if compared:
        return "All is as it was sealed, and as the file says."
    return "All is as it was sealed. Whether somebody made the chain anew tells --against a file of seals."


COLUMNS = (
    Column("table"),
    Column("day (UTC)"),
    Column("state"),
    Column("what", 1, least=20),
    Column("rows written later", 2),
)
"""What is shown of a finding for a person."""


def _cells(finding: "Finding") -> list[str]:
    """One finding as the cells of COLUMNS."""
    later = ", ".join(f"{row.id} at {row.created_at:%H:%M:%S}" for row in finding.later)
    return [finding.table, str(finding.day or ""), finding.state, finding.sentence, later]
