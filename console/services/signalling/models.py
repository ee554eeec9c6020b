"""A session that a person wants to stop, and what became of that."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from console.row import Row

Verb = Literal["cancel", "terminate"]
"""End the statement, or the whole session."""


PATIENCE = 5.0
"""Seconds after which a session that goes on is said to do so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """One session as it was when a person chose it; pid and times are its identity."""

    pid: int
    """The server process."""
    backend_start: datetime | None
    """When it connected; None where that is hidden from our role."""
    query_start: datetime | None
    """When its latest statement began."""
    backend_type: str | None
    """client backend, autovacuum worker, walsender, ..."""
    leader_pid: int | None
    """For a parallel worker, whom it works for."""
    user: str | None
    """The role."""
    database: str | None
    """The database it is connected to."""
    application: str | None
    """What it calls itself."""
    client: str | None
    """Its address, `local` for a socket."""
    state: str | None
    """active, idle, idle in transaction, ..."""
    query_age: float | None
    """Seconds since its latest statement began."""
    transaction_age: float | None
    """Seconds since its transaction began; None outside one."""
    has_written: bool
    """Whether its transaction has changed something."""
    blocks: int
    """How many sessions wait for it."""
    query: str | None
    """Its latest statement, without literals; None where there is none or it is hidden."""


class Sent(Row):
    """What the server said to a signal."""

    sent: bool
    """Whether there was such a process when it was sent."""


class Seen(Row):
    """Who has a pid now."""

    backend_start: datetime | None
    """When he connected; None where our role may not see it."""
    query_start: datetime | None
    """When his latest statement began."""
    state: str | None
    """active, idle, idle in transaction, ..."""
    needs: str | None
    """The predefined role whose members may signal him; None: only a superuser may."""


def is_idle(state: str | None) -> bool:
    """Whether a session runs no statement.

    >>> is_idle("idle in transaction"), is_idle("active"), is_idle(None)
    (True, False, False)
    """
    return (state or "").startswith("idle")


def still(verb: Verb, subject: Subject, seen: Seen | None) -> bool:
    """Whether what was to end goes on: the same session, and for cancel the same statement."""
    if seen is None or seen.backend_start != subject.backend_start:
        return False
    return verb == "terminate" or (seen.query_start == subject.query_start and not is_idle(seen.state))
