"""What has to be known before the fate of rows can be followed through the statements of a run."""

from collections.abc import Sequence
from contextlib import nullcontext
from decimal import Decimal
from math import inf

from console.db.query import Query
from console.db.session import Session
from console.errors import StatementFailed, TimedOut, UsageError
from console.migrate.files import Script
from console.migrate.kinds.models import Analysis
from console.migrate.plan import cascade
from console.migrate.plan.fate import Fate
from console.migrate.plan.models import Facts
from console.migrate.plan.names import relations
from console.migrate.selection import UNCHANGED

_FACTS = Query(__package__, "facts")


async def before(
    session: Session, statements: Sequence[Analysis], *, vouched: bool = False
) -> tuple[dict[str, Facts], Fate]:
    """What the catalogue knows of the relations that these statements speak of, and their fate before the first."""
    taken = await cascade.taken(session, statements)
    names = set(relations(statements)) | cascade.names(taken)
    facts = {fact.wanted: fact for fact in await session.fetch(_FACTS, Facts, names=sorted(names))}
    return facts, Fate(vouched, taken)


async def declared(session: Session, script: Script) -> float:
    """Seconds that a file says it keeps writers out beside what its rows take.

    0 where it says nothing, and where what it asks about is not there yet, as before the first of several files.
    UsageError where what it asks is no such number.
    """
    if script.header.stall is None:
        return 0.0
    try:
        async with nullcontext() if session.read_only else session.transaction(read_only=True):
            _, rows = await session.rows(script.header.stall)
    except TimedOut:
        raise
    except StatementFailed:
        return 0.0
    said = rows[0][0] if rows and rows[0] else None
    if said is None:
        return 0.0
    if not isinstance(said, int | float | Decimal) or isinstance(said, bool) or not 0 <= said < inf:
        raise UsageError(
            f"{script.file}: stall answers what is no number of seconds.",
            state=UNCHANGED,
            hint="Let it answer one that is not negative, such as select 0.01 * count(*) from the table it changes.",
        )
    return float(said)
