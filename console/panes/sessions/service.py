"""Asks who is connected, and masks what they say."""

from collections.abc import Collection
from datetime import UTC, datetime
from functools import lru_cache

from console.db.database import Database
from console.db.identifiers import quote
from console.db.pipeline import Request
from console.db.pulse import PULSE
from console.db.query import Query
from console.db.server import Server
from console.errors import NoPrivilege
from console.panes.sessions.models import HIDDEN_TEXT, Backend, Session, Snapshot, Statement, count_blocked, urgency
from console.sql.lexer import mask

SESSIONS = Query(__package__, "sessions")
TEXT = Query(__package__, "text")

TEXT_BYTES = 1024
"""Bytes of a statement that a refresh reads: the default of track_activity_query_size."""

WHOLE_TEXT_BYTES = 200_000
"""Bytes of a statement that the detail view reads; masking them takes a fifth of a second."""


async def snapshot(db: Database) -> Snapshot:
    """Everybody who is connected, the most urgent first, without this console's own idle connections."""
    request = Request(SESSIONS, Backend, {"text_bytes": TEXT_BYTES})
    server = await db.server()
    answers = await db.pipeline(request)
    if isinstance(answers.error(request), NoPrivilege):
        raise denied(server)
    backends, pulse = answers.rows(request), answers.optional(PULSE)
    sessions = arrange(backends, ours=db.pids)
    return Snapshot(
        pulse.as_of if pulse else datetime.now(UTC),
        sessions,
        connections=sum(backend.backend_type in (None, "client backend") for backend in backends),
        limit=pulse.connection_limit if pulse else None,
        ours_hidden=len(backends) - len(sessions),
        grant=f"GRANT pg_read_all_stats TO {quote(server.user)};" if any(s.hidden for s in sessions) else None,
    )


def denied(server: Server) -> NoPrivilege:
    """Somebody took from everybody what PostgreSQL gives to everybody."""
    view = "pg_catalog.pg_stat_activity"
    return NoPrivilege(
        f"Who is connected stands in {view}, which {server.user} may not read.",
        hint=f"A superuser can give the right: GRANT SELECT ON {view} TO {quote(server.user)};",
    )


def arrange(backends: Collection[Backend], *, ours: Collection[int] = ()) -> list[Session]:
    """Backends as sessions, urgent first; our own are left out unless somebody waits for them.

    Only pids of this very process count as ours: an application_name is anybody's to choose, and a session that calls
    itself emr-console must not be able to hide.
    """
    blocked = count_blocked(backends)
    sessions = [
        Session(backend, blocked[backend.pid], masked(backend.query_text))
        for backend in backends
        if backend.pid not in ours or blocked[backend.pid]
    ]
    return sorted(sessions, key=urgency)


async def statement(db: Database, session: Session) -> str | None:
    """The whole statement of a session, masked; None when the session has gone or hides it."""
    backend = session.backend
    wanted = {"pid": backend.pid, "backend_start": backend.backend_start, "text_bytes": WHOLE_TEXT_BYTES}
    rows = await db.fetch(TEXT, Statement, **wanted)
    text = rows[0].query_text if rows else None
    return mask(text) if text and text != HIDDEN_TEXT else None


@lru_cache(maxsize=4096)
def masked(text: str | None) -> str | None:
    """A statement without its literals; cached, since most sessions say the same thing refresh after refresh."""
    if not text or text == HIDDEN_TEXT:
        return None
    return mask(text)
