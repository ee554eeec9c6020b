"""`emr-console audit review`: accesses that somebody should look at, what was decided, and the proof that it was."""

import argparse
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from console.cli import confirm, output
from console.cli.acting import acting
from console.cli.columns import Column
from console.cli.target import chosen
from console.cli.values import day
from console.errors import Exit
from console.iso import to_minute
from console.units import number_of

if TYPE_CHECKING:
    from console.db.session import Session
    from console.services.audit.review.models import Finding, SignOff
    from console.services.audit.review.service import Review


def register(actions: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the action and what is done with its findings."""
    action = actions.add_parser("review", help="accesses that somebody should look at, with the evidence")
    _window(action, None)
    action.add_argument("--all", action="store_true", help="also what is decided")
    action.set_defaults(handler=review)
    verbs = action.add_subparsers(metavar="VERB", parser_class=type(action))
    dispose = verbs.add_parser("dispose", help="decide about findings; nobody decides about himself")
    dispose.add_argument("ids", metavar="ID", nargs="+", help="as the review shows it")
    dispose.add_argument("--as", dest="disposition", required=True, choices=DISPOSITIONS, help="what was decided")
    dispose.add_argument(
        "--reason", metavar="TEXT", type=confirm.reason, required=True, help="why, without naming a patient"
    )
    dispose.set_defaults(handler=decide)
    sign = verbs.add_parser("sign-off", help="sign off a window in which all is decided")
    sign.add_argument("--reason", metavar="TEXT", default="", help="what is to be said about it")
    sign.set_defaults(handler=sign_off)
    cadence = verbs.add_parser("cadence", help="what was signed off, and which days were not")
    cadence.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help="one JSON object")
    cadence.set_defaults(handler=prove)
    for verb in (dispose, sign):
        _window(verb, argparse.SUPPRESS)  # what was said before the verb holds


DISPOSITIONS = ("appropriate", "inappropriate", "needs-information")
"""What can be decided."""


def _window(action: argparse.ArgumentParser, unsaid: str | None) -> None:
    for option, what in (
        ("--since", "first day, UTC (7 days before --until)"),
        ("--until", "day after the last (today)"),
    ):
        action.add_argument(option, metavar="DAY", type=day, default=unsaid, help=what)
    action.add_argument("--json", action="store_true", default=unsaid or False, help="one JSON object")


async def review(args: argparse.Namespace) -> int:
    """Print the queue: 0 where it is empty, 1 where somebody has to look, also because rules could not be asked."""
    from console.db.database import Database
    from console.services.audit.recording import Access, Recorder, unrecorded
    from console.services.audit.review.rules import RULES

    async with _reviewed(args, writing=False) as (session, found):
        server, target = await session.server(), session.target
    detail: dict[str, object] = {"review": f"{found.window.since} to {found.window.until}"}
    async with Database(target) as db:
        kept = await Recorder(db).note(Access("SEARCH", detail=detail))
    shown = found.findings if args.all else found.queue
    if args.json:
        span = {"since": str(found.window.since), "until": str(found.window.until), "open": len(found.queue)}
        rows = [each.model_dump(mode="json") for each in shown]
        output.answer(found.as_of, server, **span, rules_unavailable=found.unavailable, rows=rows)
    elif shown:
        output.table("", COLUMNS, [_cells(each) for each in shown])
    for rule, why in found.unavailable.items():
        output.say(args, f"The rule {rule} could not be asked: {why}")
    if kept.why:
        output.say(args, unrecorded(kept, "review"))
    unasked = f"; {len(found.unavailable)} of {len(RULES)} rules could not be asked" if found.unavailable else ""
    output.say(
        args,
        f"Open: {len(found.queue):,} of {number_of(len(found.findings), 'finding')}, {found.window.days}{unasked}.",
    )
    return Exit.FINDINGS if found.queue or found.unavailable else Exit.OK


async def decide(args: argparse.Namespace) -> int:
    """Decide about findings."""
    from console.services.audit.review import deciding

    async with _reviewed(args) as (session, found):
        decided = await deciding.dispose(session, found, args.ids, args.disposition, args.reason)
    if args.json:
        output.data({"decided": [each.id for each in decided], "disposition": args.disposition})
    output.say(
        args,
        f"Decided as {args.disposition}: {number_of(len(decided), 'finding')}. It is recorded in emr_console.event.",
    )
    return Exit.OK


async def sign_off(args: argparse.Namespace) -> int:
    """Sign a window off."""
    from console.services.audit.review import deciding

    async with _reviewed(args) as (session, found):
        await deciding.sign_off(session, found, args.reason)
    if args.json:
        output.data(
            {"since": str(found.window.since), "until": str(found.window.until), "findings": len(found.findings)}
        )
    output.say(args, f"Signed off, {found.window.days}: {number_of(len(found.findings), 'finding')}, all decided.")
    return Exit.OK


async def prove(args: argparse.Namespace) -> int:
    """Show what was signed off in the last quarter, and the days that were not: 1 where there are such."""
    from console.services.audit.review import rules, service
    from console.services.audit.sealing import proofs

    async with _asking(args) as session:
        signed = await service.sign_offs(session)
        proof = await proofs.last(session)
        wanted = await service.window(session, None, None)
        server, now = await session.server(), await service.today(session)
    said, _ = rules.cadence(signed, now)
    gaps = rules.unreviewed(signed, wanted.until - rules.QUARTER, wanted.until)
    if args.json:
        missing = [{"since": str(first), "until": str(end)} for first, end in gaps]
        rows = [each.model_dump(mode="json") for each in signed]
        verified = proof and proof.model_dump(mode="json")
        output.answer(now, server, unreviewed=missing, seals_verified=verified, rows=rows)
    else:
        cells = [[_days(s), to_minute(s.at), s.operator, f"{s.findings:,}"] for s in signed]
        output.table("", ("days", "signed off (UTC)", "by", "findings"), cells)
    output.say(args, f"{said[0].upper()}{said[1:]}.")
    for first, end in gaps:
        output.say(args, f"Nobody has signed off {service.Window(first, end).days}.")
    output.say(args, f"Seals: {proofs.told(proof)}.")
    return Exit.FINDINGS if gaps else Exit.OK


@asynccontextmanager
async def _reviewed(args: argparse.Namespace, *, writing: bool = True) -> "AsyncIterator[tuple[Session, Review]]":
    from console.config.choose import here
    from console.services.audit.review import service

    async with acting(args, service.SETTINGS) if writing else _asking(args) as session:
        wanted = await service.window(session, args.since, args.until)
        thresholds = here().config.settings.review(session.target.profile).model_dump()
        yield session, await service.review(session, wanted, thresholds)


@asynccontextmanager
async def _asking(args: argparse.Namespace) -> "AsyncIterator[Session]":
    from console.db.database import LANES
    from console.db.session import Session
    from console.services.audit.review import service

    settings = LANES["query"] | service.SETTINGS
    async with await Session.open(chosen(args), "query", settings=settings, read_only=True) as session:
        yield session


def _days(signed: "SignOff") -> str:
    from console.services.audit.review.service import Window

    return Window(signed.since, signed.until).days


COLUMNS = (
    Column("id"),
    Column("level"),
    Column("rule", 1, least=12),
    Column("user", 2, least=12),
    Column("patient", 3),
    Column("first (UTC)", 4),
    Column("evidence", 1, least=20),
    Column("decided", 5),
)
"""What is shown of a finding for a person."""


def _cells(finding: "Finding") -> list[str]:
    """One finding as the cells of COLUMNS."""
    return [
        finding.id,
        finding.level,
        finding.rule,
        finding.user or str(finding.user_id or ""),
        finding.patient or "",
        to_minute(finding.first_at),
        finding.evidence,
        finding.decided.disposition if finding.decided else "",
    ]
