"""Sessions as the server tells them, and what can be said of them without asking again."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from pydantic import BeforeValidator

from console.row import Row

HIDDEN_TEXT = "<insufficient privilege>"
"""What the server puts in place of a statement that our role may not read."""

SentText = Annotated[
    str, BeforeValidator(lambda sent: sent.decode("utf-8", "replace") if isinstance(sent, bytes) else sent)
]
"""A statement as its session sent it, in whatever encoding; what is not UTF-8 becomes U+FFFD."""


class Backend(Row):
    """One row of pg_stat_activity; None where the server says nothing, or hides it from our role."""

    pid: int
    """The server process; unique now, used again later."""
    backend_start: datetime | None
    """When it connected; with the pid its identity."""
    backend_type: str | None
    """client backend, parallel worker, autovacuum worker, walsender, ..."""
    leader_pid: int | None
    """For a parallel worker, whom it works for."""
    user: str | None
    """The role."""
    database: str | None
    """The database it is connected to."""
    application: str | None
    """What it calls itself; anybody can write anything there."""
    client: str | None
    """Its address, `local` for a socket."""
    state: str | None
    """active, idle, idle in transaction, ..."""
    wait_event_type: str | None
    """Lock, LWLock, IO, Client, ...; None when it does not wait."""
    wait_event: str | None
    """What exactly it waits for."""
    query_age: float | None
    """Seconds since its latest statement began."""
    transaction_age: float | None
    """Seconds since its transaction began; None outside one."""
    state_age: float | None
    """Seconds since its state last changed."""
    blocked_by: list[int]
    """The pids it waits for; 0 is a prepared transaction."""
    query_text: SentText | None
    """Its latest statement as sent, perhaps cut; never shown without the literal mask."""


class Statement(Row):
    """One backend's statement."""

    query_text: SentText | None
    """As sent; never shown without the literal mask."""


@dataclass(frozen=True, slots=True)
class Session:
    """A backend with what follows from all the others, its statement masked."""

    backend: Backend
    """The row it comes from."""
    blocks: int
    """How many others wait for it."""
    query: str | None
    """Its latest statement without any literal; None where there is none or it is hidden."""

    @property
    def key(self) -> tuple[int, datetime | None]:
        """Its identity: a pid alone is used again."""
        return self.backend.pid, self.backend.backend_start

    @property
    def state(self) -> str | None:
        """The server's word, except that a session which waits for a lock is waiting, not active."""
        return "waiting" if self.backend.blocked_by else self.backend.state

    @property
    def hidden(self) -> bool:
        """Whether our role may not see what it does."""
        return self.backend.query_text == HIDDEN_TEXT

    def as_json(self) -> dict[str, object]:
        """The row as json.md spells it."""
        row = self.backend.model_dump(exclude={"query_text", "state_age"})
        return row | {"blocks": self.blocks, "query": self.query}


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Everybody connected at one moment."""

    as_of: datetime
    """When it was, by the server's clock."""
    sessions: Sequence[Session]
    """One for each backend, the most urgent first."""
    connections: int
    """Clients connected, ours among them."""
    limit: int | None
    """Connections that those can have in all who may use no reserved ones; None where the server did not say."""
    ours_hidden: int = 0
    """Connections of this console that are no rows."""
    grant: str | None = None
    """What would show what is hidden from our role; None when nothing is."""


def count_blocked(backends: Iterable[Backend]) -> Counter[int]:
    """How many backends wait for each pid."""
    return Counter(pid for backend in backends for pid in set(backend.blocked_by))


def urgency(session: Session) -> tuple[int, float]:
    """The order in which a DBA wants them: who blocks, who waits, who works, who holds a transaction, who sleeps.

    Within one of these the oldest come first.
    """
    backend = session.backend
    oldest = -(backend.transaction_age or backend.query_age or 0.0)
    if session.blocks:
        return 0, -session.blocks
    if backend.blocked_by:
        return 1, oldest
    if backend.state == "active":
        return 2, oldest
    if backend.transaction_age is not None:
        return 3, oldest
    return 4, oldest


def summary(sessions: Iterable[Session]) -> Counter[str]:
    """How many there are in each state; a session that waits for a lock counts as waiting, not as active."""
    return Counter(session.state or "other" for session in sessions)
