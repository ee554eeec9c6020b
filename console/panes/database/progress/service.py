"""Asks what is under way."""

from datetime import UTC, datetime

from console.db.database import Database
from console.db.identifiers import quote
from console.db.pipeline import Request
from console.db.pulse import PULSE
from console.db.query import Query
from console.panes.database.progress.models import Running, Underway, paced

PROGRESS = Query(__package__, "progress")


async def read_progress(db: Database, before: Underway | None = None) -> Underway:
    """Everything that says how far it is, with its pace since `before`."""
    request = Request(PROGRESS, Running)
    server = await db.server()
    answers = await db.pipeline(request)
    pulse = answers.optional(PULSE)
    as_of = pulse.as_of if pulse else datetime.now(UTC)
    rows = paced(answers.rows(request), as_of, before)
    grant = f"GRANT pg_read_all_stats TO {quote(server.user)};" if any(row.hidden for row in rows) else None
    return Underway(as_of, rows, grant)
