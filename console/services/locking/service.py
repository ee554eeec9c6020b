"""Asks for the locks of one session or prepared transaction; panes ask together with what else they want to know."""

from console.db.pipeline import Request
from console.db.query import Query
from console.services.locking.models import STRENGTH, Held

LOCKS_OF = Query(__package__, "locks_of")

MOST = 100
"""Locks of one session that are read; a dump of a database with many partitions holds thousands."""


def locks_of(id: int) -> Request[Held]:  # noqa: A002 - the column's name
    """The question for the locks of a session, by its pid, or of a prepared transaction, by its negated id."""
    return Request(LOCKS_OF, Held, {"id": id, "most": MOST, "strength": list(STRENGTH)})
