"""`emr-console audit verify`: is an export what it was, or with --seals the audit log itself?"""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from console.cli import output
from console.cli.audit.seal import standing
from console.cli.columns import Column
from console.cli.progress import Line
from console.cli.target import chosen
from console.errors import Exit, UsageError
from console.units import number_of

if TYPE_CHECKING:
    from console.services.audit.sealing.models import Chain, Finding
    from console.services.audit.sealing.verifying import Verified


def register(actions: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the action."""
    action = actions.add_parser("verify", help="is an exported file what it was? with --seals, the audit log?")
    action.add_argument(
        "file", metavar="FILE", type=Path, nargs="?", help="the file; its manifest stands beside it; needs no server"
    )
    action.add_argument("--seals", action="store_true", help="hash all sealed days of the audit log again")
    action.add_argument("--against", metavar="FILE", type=Path, help="with --seals: seals that were kept elsewhere")
    action.add_argument("--json", action="store_true", help="one JSON object")
    action.set_defaults(handler=verify)


async def verify(args: argparse.Namespace) -> int:
    """Say what is proved; 1 where something is not."""
    if args.seals == (args.file is not None) or (args.against and not args.seals):
        raise UsageError("Say FILE or --seals [--against FILE].", state="Nothing was verified.")
    if args.seals:
        return await _verify_seals(args)
    from console.services.audit.export import signing, verifying

    verdict = verifying.verify(args.file, signing.expected_key(signing.usual(args.profile)))
    if args.json:
        output.data(verdict.as_json())
    proved = _proved(verdict.signature, verdict.key, verdict.key_expected)
    _tell(args, [proved] if verdict.ok else verdict.findings())
    return Exit.OK if verdict.ok else Exit.FINDINGS


def _proved(signature: str, key: str | None, expected: bool | None) -> str:
    """How far the proof goes."""
    whole = "File and manifest are as they were written"
    if signature == "absent":
        return f"{whole}. They are not signed: whoever can write both could have made both."
    by = "the configured key" if expected else "a key that is not configured here"
    return f"{whole}, and signed by {by}, {(key or '')[:16]}."


async def _verify_seals(args: argparse.Namespace) -> int:
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
        chains = [each.model_dump(mode="json") for each in result.chains]
        rows = [each.model_dump(mode="json") for each in result.findings]
        recorded = not kept.why
        output.answer(result.as_of, server, ok=result.intact, recorded=recorded, chains=chains, rows=rows)
    elif result.findings:
        output.table("", COLUMNS, [_cells(each) for each in result.findings])
    _tell(args, _verdict(result, compared=args.against is not None))
    output.say(args, kept.sentence)
    if not result.intact:
        return Exit.VERIFY_FAILED
    return Exit.OK if result.outcome == "intact" else Exit.FINDINGS


def _tell(args: argparse.Namespace, sentences: Sequence[str]) -> None:
    """What is proved, or not, is the answer; beside JSON, which says the same, it is narration."""
    for sentence in sentences:
        if args.json:
            output.say(args, sentence)
        else:
            output.text(sentence)


def _verdict(result: "Verified", *, compared: bool) -> list[str]:
    """What is proved, a line for each chain and one for the whole."""
    return [*map(_chain, result.chains), _whole(result, compared=compared)]


def _chain(chain: "Chain") -> str:
    if chain.last is None:
        return f"{chain.table}: no day is sealed."
    retired = f", {chain.retired:,} of them retired" if chain.retired else ""
    known = f"{number_of(chain.seals, 'seal')}{retired}, {number_of(chain.rows, 'row')}, {chain.first} to {chain.last}"
    return f"{chain.table}: {known}. The last seal is {chain.head}. {signatures(chain)}"


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


def _whole(result: "Verified", *, compared: bool) -> str:
    if result.outcome == "nothing sealed":
        return "Nothing is sealed, so nothing was proved. Seal with emr-console audit seal."
    if not result.intact:
        return "The audit log is not what was sealed."
    if result.findings:
        return "Every sealed row is as it was; others, under no seal, came from offline devices or from somebody."
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
