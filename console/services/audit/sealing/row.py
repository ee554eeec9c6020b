"""Whether one row of the audit log is under a seal, and is what was sealed: its whole day is hashed again for that."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from console.db.database import Database
from console.db.query import Query
from console.db.session import Session
from console.errors import ConsoleError
from console.iso import to_day
from console.services.audit.sealing import chain
from console.services.audit.sealing.models import Day, Finding, Seal
from console.services.audit.sealing.service import DAYS, FARTHEST, LAST, OPEN, here, midnight
from console.services.audit.sealing.verifying import examined

SEAL_OF = Query(__package__, "seal_of")

TABLE = "audit_logs"
"""Rows of which one is looked at."""

PATIENCE = "select set_config('statement_timeout', '3s', true), set_config('row_security', 'off', true)"
"""A person waits for the answer; a role that does not see all rows of a day can prove none."""

MOST = 100_000
"""Rows of a day that came after its seal, of which the row may be one."""


async def state(db: Database, row: UUID, at: datetime) -> str:
    """What is known of a row, in a few words; why nothing is where it cannot be told."""
    try:
        async with db.asking() as session:
            await session.execute(PATIENCE)
            return await _state(session, row, at.astimezone(UTC))
    except ConsoleError as error:
        return f"not known: {error.message}"


async def _state(session: Session, row: UUID, at: datetime) -> str:
    there = await here(session)
    day = midnight(at.date())
    found = await session.fetch(SEAL_OF, Seal, table=TABLE, day=day.date()) if there.ledger else []
    if not found:
        if there.now - day < timedelta(days=1) + OPEN:
            return "not yet sealed: its day is not over for 48 hours"
        last = await session.fetch(LAST, Seal, table=TABLE) if there.ledger else []
        older = last[0].day > day.date() if last else there.now - day > FARTHEST
        return "not sealed: its day is older than the seals" if older else "not yet sealed, though its day could be"
    seal, upper = found[0], day + timedelta(days=1)
    if chain.digest(seal) != seal.seal:
        return f"does not match its seal: seal {seal.number} was changed"
    (now,) = await session.fetch(DAYS[TABLE], Day, lower=day, upper=upper, marks=False)
    return told(seal, row, await examined(session, seal, now, MOST))


def told(seal: Seal, row: UUID, findings: list[Finding]) -> str:
    """What a day's proof, or what is wrong with it, says of one of its rows.

    >>> at = datetime(2026, 3, 16, 2, tzinfo=UTC)
    >>> seal = Seal.model_construct(sealed_at=at, number=9)
    >>> told(seal, UUID(int=1), [])
    'sealed 2026-03-16, proven'
    """
    sealed = f"sealed {to_day(seal.sealed_at)}"
    if any(later.id == row for finding in findings for later in finding.later):
        return f"not what was {sealed}: written later, or changed"
    if all(finding.state == "late" for finding in findings):
        return f"{sealed}, proven"
    return f"does not match its seal: its day is not what was {sealed}"
