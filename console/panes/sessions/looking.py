"""Asks more about one session than a refresh does: all of its statement, its locks, its plan."""

from collections.abc import Sequence
from dataclasses import dataclass

from console.db.database import Database
from console.db.query import Query
from console.errors import Refused, Unsupported
from console.panes.sessions.models import Original, Session
from console.row import HIDDEN_TEXT
from console.services.activity import WHOLE_TEXT_BYTES, Statement, said, whole_statement
from console.services.locking.models import Held
from console.services.locking.service import locks_of
from console.services.plans import plan

ORIGINAL = Query(__package__, "original")


@dataclass(frozen=True, slots=True)
class Found:
    """What a closer look at one session has found."""

    statement: str | None
    """The whole of its statement, without literals; None where the session has gone or hides it."""
    locks: Sequence[Held]
    """What it waits for and what it has locked, the most important first."""
    gone_on: str = ""
    """What it does by now, if that is not what the refresh has told; else empty."""


async def look(db: Database, session: Session) -> Found:
    """The whole statement of a session and its locks, in one round trip."""
    text = whole_statement(*session.key)
    locks = locks_of(session.backend.pid)
    answers = await db.ask(text, locks)
    return Found(said(answers, text), answers.rows(locks), _gone_on(session, answers.rows(text)))


def _gone_on(session: Session, now: Sequence[Statement]) -> str:
    """What a session does by now, if that is not what the refresh has told of it; else empty."""
    was = session.backend
    if not now or (now[0].state, now[0].query_start) == (was.state, was.query_start):
        return ""
    newer = ", and the statement below is a newer one" if now[0].query_start != was.query_start else ""
    return f"it has gone on since this was read: it is {now[0].state or 'hidden'} now{newer}"


async def plan_of(db: Database, session: Session) -> str:
    """The plan of its statement, which is explained as it was sent; no literal is in it, and nothing is executed.

    Raises Refused or Unsupported where it cannot be had.
    """
    pid, began = session.key
    found = await db.fetch(ORIGINAL, Original, pid=pid, backend_start=began, text_bytes=WHOLE_TEXT_BYTES)
    if not found:
        raise Refused(f"pid {pid} has ended.", state="Nothing was explained.")
    (original,) = found
    text = (original.sent or b"").decode(errors="replace")
    if trouble := _trouble(original, text):
        raise Unsupported(trouble)
    return await plan(db, text, original.user)


def _trouble(original: Original, text: str) -> str:
    """Why there can be no plan, as a sentence; empty if there can.

    >>> _trouble(Original(sent=b"select 1", user="app", here=False, cut=False), "select 1")
    'It is connected to another database; only there its statement could be planned.'
    """
    if text == HIDDEN_TEXT:
        return "This role may not see the statement."
    if not original.here:
        return "It is connected to another database; only there its statement could be planned."
    if original.cut:
        return "The server keeps only the first part of so long a statement (track_activity_query_size)."
    if "\N{REPLACEMENT CHARACTER}" in text:
        return "The statement is not in UTF-8, so what was sent is not known."
    return "" if text else "It has not sent a statement yet."
