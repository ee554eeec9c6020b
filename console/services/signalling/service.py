"""Signals one session, checked in the same statement, watches what becomes of it, and writes that down."""

import asyncio
from dataclasses import dataclass
from time import monotonic

from console.db.identifiers import quote
from console.db.inline import inlined
from console.db.query import Query
from console.db.session import Session
from console.errors import ConsoleError, NoPrivilege, Refused
from console.services.activity import showing
from console.services.events import Action, Kept, record_action
from console.services.signalling.models import PATIENCE, Seen, Sent, Subject, Verb, still
from console.services.signalling.words import named
from console.sql.lexer import mask

_SIGNALS: dict[Verb, Query] = {"cancel": Query(__package__, "cancel"), "terminate": Query(__package__, "terminate")}
_SEEN = Query(__package__, "seen")

LOOKS = 0.05
"""Seconds until it is looked for the first time; each time twice as long, up to half a second."""

NOTHING = "Nothing was signalled."
"""The state after a refusal."""


@dataclass(frozen=True, slots=True)
class Signalled:
    """What became of one that was signalled."""

    gone: bool
    """Whether its statement, or itself, has ended; else it goes on in spite of the signal."""
    seconds: float
    """How long was waited for that."""
    kept: Kept
    """Where it is recorded."""


async def signal(session: Session, verb: Verb, subject: Subject, reason: str) -> Signalled:
    """Signal one session that a person has confirmed, and wait until it, or its statement, has ended.

    Refused where it is not what it was, NoPrivilege where our role may not. Whatever happens is recorded as an event.
    """
    action = Action(f"session.{verb}", named(subject), reason, mask(" ".join(_SIGNALS[verb].text().split())))
    try:
        seconds = await _signalled(session, verb, subject)
    except ConsoleError as error:
        kept = await _record(session, action, subject, error.message)
        error.state = f"{error.state} {kept.sentence if kept.why else ''}".strip()
        raise
    except asyncio.CancelledError:
        await _record(session, action, subject, "interrupted, perhaps after it was sent")
        raise
    gone = seconds is not None
    outcome = "gone" if gone else f"still running after {PATIENCE:g} s"
    kept = await _record(session, action, subject, outcome)
    return Signalled(gone, PATIENCE if seconds is None else seconds, kept)


def written(verb: Verb, subject: Subject) -> str:
    """The statement that would be sent, with its values, for a person who runs it elsewhere."""
    return inlined(_SIGNALS[verb], **_identity(verb, subject))


async def _signalled(session: Session, verb: Verb, subject: Subject) -> float | None:
    """Seconds until it has ended; None if it has not."""
    began = monotonic()
    await _send(session, verb, subject)
    pause = LOOKS
    while still(verb, subject, await _seen(session, subject)):
        if monotonic() - began >= PATIENCE:
            return None
        await asyncio.sleep(pause)
        pause = min(2 * pause, 0.5)
    return monotonic() - began


async def _send(session: Session, verb: Verb, subject: Subject) -> None:
    try:
        sent = await session.fetch(_SIGNALS[verb], Sent, **_identity(verb, subject))
    except NoPrivilege as error:
        raise await _not_allowed(session, verb, subject) from error
    if not any(row.sent for row in sent):
        raise await _not_found(session, verb, subject)


def _identity(verb: Verb, subject: Subject) -> dict[str, object]:
    known: dict[str, object] = {"pid": subject.pid, "backend_start": subject.backend_start}
    return known | {"query_start": subject.query_start} if verb == "cancel" else known


async def _seen(session: Session, subject: Subject) -> Seen | None:
    """Who has the pid now; None if nobody."""
    rows = await session.fetch(_SEEN, Seen, pid=subject.pid)
    return rows[0] if rows else None


async def _not_found(session: Session, verb: Verb, subject: Subject) -> ConsoleError:
    """Why the check in the statement found nobody: a second look tells."""
    seen = await _seen(session, subject)
    if seen is None:
        return Refused(f"pid {subject.pid} is already gone.", state=NOTHING)
    if seen.backend_start is None:
        server = await session.server()
        return NoPrivilege(
            f"{server.user} may signal pid {subject.pid}, but not see whether it is still the same session.",
            state=NOTHING,
            hint=f"A superuser can show it: {showing(server)}",
        )
    if seen.backend_start != subject.backend_start:
        return Refused(f"pid {subject.pid} is already gone; its number belongs to another session now.", state=NOTHING)
    if verb == "cancel":
        return Refused(f"The statement of pid {subject.pid} has already ended.", state=NOTHING)
    return Refused(f"pid {subject.pid} is already going.", state=NOTHING)


async def _not_allowed(session: Session, verb: Verb, subject: Subject) -> NoPrivilege:
    """Which right our role lacks for this one."""
    seen, user = await _seen(session, subject), (await session.server()).user
    needs = seen.needs if seen else "pg_signal_backend"
    grant = f"GRANT {needs} TO {quote(user)};"
    return NoPrivilege(
        f"{user} may not {verb} pid {subject.pid}.",
        state=NOTHING,
        hint=f"A superuser can allow it: {grant}" if needs else "Only a superuser may.",
    )


async def _record(session: Session, action: Action, subject: Subject, outcome: str) -> Kept:
    detail = {
        "pid": subject.pid,
        "backend_start": subject.backend_start,
        "backend_type": subject.backend_type,
        "client": subject.client,
        "transaction_age": subject.transaction_age,
        "has_written": subject.has_written,
        "blocks": subject.blocks,
        "statement": subject.query,
    }
    return await record_action(session, action, outcome, detail)
