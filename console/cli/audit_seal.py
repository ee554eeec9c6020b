"""`emr-console audit seal` and `audit verify --seals`: the audit log made tamper-evident, day by day."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from console.cli import output
from console.cli.acting import acting
from console.cli.columns import Column
from console.cli.progress import Line
from console.cli.target import chosen
from console.errors import Exit

if TYPE_CHECKING:
    from console.services.audit.sealing.models import Chain, Finding, Progress
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
        output.data({"as_of": as_of, "flavour": server.flavour, "server": server.version, "rows": rows})
    for each in done:
        retired = f", {each.retired:,} retired" if each.retired else ""
        until = f" It is sealed up to {each.last}, by seal {each.number}." if each.last else ""
        output.say(args, f"{each.table}: {each.days:,} days with {each.rows:,} rows sealed{retired}.{until}")
    if any(each.days for each in done):
        output.say(args, f"Signed by {key.public[:16]}." if key else "Not signed: no audit.signing_key is configured.")
    if kept.why:
        output.say(args, kept.sentence)
    if args.export:
        output.say(args, f"{len(exported):,} seals are in {args.export}. Keep it where no DBA can change it.")
    return Exit.OK


async def verify_seals(args: argparse.Namespace) -> int:
    """Hash all sealed days again: 0 as it was sealed, 1 rows came later, or nothing is sealed, 22 changed."""
    from console.db.database import LANES, Database
    from console.db.session import Session
    from console.services.audit.export import signing
    from console.services.audit.sealing import file, proofs, service, verifying

    known = file.read(args.against) if args.against else None
    settings = LANES["query"] | service.SETTINGS
    target, line = chosen(args), Line(args)
    expected = signing.expected_key(signing.configured(target.profile))
    try:
        async with await Session.open(target, "query", settings=settings, read_only=True) as session:
            result = await verifying.verify(session, known, expected, lambda progress: line.show(standing(progress)))
            server = await session.server()
    finally:
        line.erase()
    args.ending.hear_no_more()  # what may have taken hours is written down and told
    async with Database(target) as db:
        kept = await proofs.note(db, result)
    if args.json:
        head = {"as_of": result.as_of, "flavour": server.flavour, "server": server.version}
        chains = [each.model_dump(mode="json") for each in result.chains]
        rows = [each.model_dump(mode="json") for each in result.findings]
        output.data(head | {"ok": result.intact, "recorded": not kept.why, "chains": chains, "rows": rows})
    elif result.findings:
        output.table("", COLUMNS, [_cells(each) for each in result.findings])
    _narrate(args, result)
    output.say(args, kept.sentence)
    if not result.intact:
        return Exit.VERIFY_FAILED
    return Exit.OK if result.outcome == "intact" else Exit.FINDINGS


def standing(progress: "Progress") -> str:
    """How far it is.

    >>> from console.services.audit.sealing.models import Progress
    >>> standing(Progress("audit_logs", 1_204, 2_555))
    'audit_logs: 1,204 of 2,555 days hashed'
    """
    return f"{progress.table}: {progress.done:,} of {progress.days:,} days hashed"


def _narrate(args: argparse.Namespace, result: "Verified") -> None:
    for each in result.chains:
        if each.last is None:
            output.say(args, f"{each.table}: no day is sealed.")
            continue
        retired = f", {each.retired:,} of them retired" if each.retired else ""
        output.say(
            args,
            f"{each.table}: {each.seals:,} seals{retired}, {each.rows:,} rows, {each.first} to {each.last}."
            f" The last seal is {each.head}. {signatures(each)}",
        )
    output.say(args, _verdict(result, compared=args.against is not None))


def signatures(chain: "Chain") -> str:
    """Who has signed, and how far.

    >>> from datetime import date
    >>> from console.services.audit.sealing.models import Chain
    >>> known = dict(table="t", seals=9, last=date(2026, 3, 9), signed=7)
    >>> signatures(Chain.model_construct(**known, keys=["ab" * 32], signed_through=date(2026, 3, 9)))
    'Signed through 2026-03-09 by abababababababab.'
    """
    if chain.signed_through is None:
        return "None of them is signed."
    return f"Signed through {chain.signed_through} by {', '.join(key[:16] for key in chain.keys)}."


def _verdict(result: "Verified", *, compared: bool) -> str:
    if result.outcome == "nothing sealed":
        return "Nothing is sealed, so nothing was proved. Seal with emr-console audit seal."
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
