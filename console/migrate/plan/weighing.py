"""What has to be known before the fate of rows can be followed through the statements of a run."""

from collections.abc import Sequence
from contextlib import nullcontext

from console.db.query import Query
from console.db.session import Session
from console.errors import StatementFailed, TimedOut
from console.migrate.kinds.models import Analysis
from console.migrate.plan import cascade
from console.migrate.plan.fate import Fate
from console.migrate.plan.models import Facts
from console.migrate.plan.names import relations

_FACTS = Query(__package__, "facts")


async def before(
    session: Session, statements: Sequence[Analysis], *, vouched: bool = False
) -> tuple[dict[str, Facts], Fate]:
    """What the catalogue knows of the relations that these statements speak of, and their fate before the first."""
    taken = await cascade.taken(session, statements)
    names = set(relations(statements)) | cascade.names(taken)
    facts = {fact.wanted: fact for fact in await session.fetch(_FACTS, Facts, names=sorted(names))}
    return facts, Fate(vouched, taken)


async def declared(session: Session, query: str | None) -> float:
    """Seconds that a file says it keeps writers out beside what its rows take.

    0 where it says nothing, and where what it asks about is not there yet, as before the first of several files.
    """
    if query is None:
        return 0.0
    try:
        async with nullcontext() if session.read_only else session.transaction(read_only=True):
            _, rows = await session.rows(query)
    except TimedOut:
        raise
    except StatementFailed:
        return 0.0
    return float(rows[0][0] or 0.0) if rows else 0.0
