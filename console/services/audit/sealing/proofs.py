"""That seals were verified is written down: a seal that nobody hashes again proves nothing."""

from collections import Counter

from console.db.database import Database
from console.db.query import Query
from console.db.session import Session
from console.iso import to_minute
from console.services.audit.sealing.models import Here, Proof
from console.services.audit.sealing.service import COLUMNS, HERE
from console.services.audit.sealing.verifying import Verified
from console.services.events import Action, Kept, note_action

VERIFIED = Query(__package__, "last_verified")


async def note(db: Database, found: Verified) -> Kept:
    """Write down that all of it was hashed again; it was, also where that cannot be written."""
    heads = {each.table: each.head for each in found.chains if each.head}
    states = Counter(finding.state for finding in found.findings)
    action = Action("audit.verify", ", ".join(COLUMNS), "", "")
    return await note_action(db, action, found.outcome, {"heads": heads, "findings": states})


async def last(session: Session) -> Proof | None:
    """Who did so last; None where nobody has, or there is no place for seals."""
    if not (await session.fetch_one(HERE, Here)).ledger:
        return None
    return next(iter(await session.fetch(VERIFIED, Proof)), None)


def told(proof: Proof | None) -> str:
    """The same for a person.

    >>> from datetime import UTC, datetime
    >>> told(Proof(at=datetime(2026, 3, 14, 3, tzinfo=UTC), operator="ana@ward-7", outcome="late rows"))
    'last hashed again 2026-03-14 03:00 UTC by ana@ward-7: late rows'
    >>> told(None)
    'never hashed again'
    """
    if proof is None:
        return "never hashed again"
    return f"last hashed again {to_minute(proof.at)} UTC by {proof.operator}: {proof.outcome}"
