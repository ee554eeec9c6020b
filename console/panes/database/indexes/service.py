"""Asks for the indexes, and on request what they really take."""

from datetime import UTC, datetime

from console.db.database import Database
from console.db.pipeline import Request
from console.db.pulse import PULSE
from console.db.query import Query
from console.panes.database.indexes.comparing import beside_each_other
from console.panes.database.indexes.models import Catalogued, Indexes, Measured

INDEXES = Query(__package__, "indexes")
MEASURED = Query(__package__, "measured")

MOST = 2_000
"""Indexes that are listed; of more the largest."""


async def read_indexes(db: Database) -> Indexes:
    """Every index of the database's own tables, those first that somebody should look at."""
    request = Request(INDEXES, Catalogued, {"most": MOST})
    server = await db.server()
    answers = await db.pipeline(request)
    rows, pulse = answers.rows(request), answers.optional(PULSE)
    return Indexes(
        pulse.as_of if pulse else datetime.now(UTC),
        beside_each_other(rows),
        pulse.stats_reset if pulse else None,
        in_recovery=server.in_recovery,
        cut=len(rows) == MOST,
    )


async def measure(db: Database) -> dict[int, int]:
    """Bytes on disk by index; looks at every file, so only where a person waits for it."""
    return {row.oid: row.bytes for row in await db.fetch(MEASURED, Measured)}
