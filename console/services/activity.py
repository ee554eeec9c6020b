"""What sessions say: every pane that shows a statement of somebody has it from here."""

from datetime import datetime

from console.db.database import Database
from console.db.identifiers import quote
from console.db.pipeline import Answers, Request
from console.db.query import Query
from console.db.server import Server
from console.row import HIDDEN_TEXT, MaskedText, Row

STATEMENT = Query(__package__, "statement")

TEXT_BYTES = 1024
"""Bytes of a statement that a refresh reads: the default of track_activity_query_size."""

WHOLE_TEXT_BYTES = 200_000
"""Bytes of a statement that the detail view reads; masking them takes a fifth of a second."""


class Statement(Row):
    """One backend's statement."""

    query_text: MaskedText | None
    """Without its literals."""
    state: str | None
    """Whether that runs; None where it is hidden."""
    query_start: datetime | None
    """When it began; None where there was none yet, or that is hidden."""


async def statement(db: Database, pid: int, backend_start: datetime | None) -> str | None:
    """The whole statement of a session, masked; None when the session has gone or hides it."""
    request = whole_statement(pid, backend_start)
    return said(await db.ask(request), request)


def whole_statement(pid: int, backend_start: datetime | None) -> Request[Statement]:
    """The question for the whole statement of a session."""
    return Request(STATEMENT, Statement, {"pid": pid, "backend_start": backend_start, "text_bytes": WHOLE_TEXT_BYTES})


def said(answers: Answers, request: Request[Statement]) -> str | None:
    """The answer to it; None when the session has gone or hides what it says."""
    rows = answers.rows(request)
    return visible(rows[0].query_text) if rows else None


def visible(text: str | None) -> str | None:
    """A statement, or None where there is none or it is hidden from our role."""
    return text if text and text != HIDDEN_TEXT else None


def showing(server: Server) -> str:
    """What would show our role the statements of others."""
    return f"GRANT pg_read_all_stats TO {quote(server.user)};"
