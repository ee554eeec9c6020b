"""What has to be known before the fate of rows can be followed through the statements of a run."""

from collections.abc import Sequence

from console.db.query import Query
from console.db.session import Session
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
