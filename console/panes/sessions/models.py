"""Sessions as the server tells them, and what can be said of them without asking again."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from pydantic import Field

from console.row import HIDDEN_TEXT, MaskedText, Row

HELD_LONG = 600.0
"""Seconds that a transaction may keep rows from vacuum before that is a warning."""

HELD_MANY = 1_000_000
"""Transactions that it may be behind before that is one, however young it is."""


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
    query_start: datetime | None
    """When its latest statement began."""
    query_age: float | None
    """Seconds since then."""
    transaction_age: float | None
    """Seconds since its transaction began; None outside one."""
    state_age: float | None
    """Seconds since its state last changed."""
    has_written: bool
    """Whether its transaction has changed something."""
    horizon: int | None
    """Transactions that began since the oldest one whose rows it may still see; vacuum keeps what they removed."""
    blocked_by: list[int]
    """The pids it waits for; 0 is a prepared transaction."""
    query_text: MaskedText | None
    """Its latest statement without literals, perhaps cut."""
    fingerprint: int | None = Field(default=None, exclude=True)
    """All of this but the ages, as a number; None in what was recorded."""


class Asleep(Row):
    """Those who are not sent, because they sleep as they did at the last reading."""

    as_of: datetime
    """When that was seen, by the server's clock."""
    pids: list[int]
    """Who."""
    fingerprint: int
    """The sum of theirs."""


class Keeper(Row):
    """What is no session and yet keeps locks, or rows from vacuum."""

    kind: Literal["prepared transaction", "replication slot"]
    """What it is."""
    name: str
    """What stands for a transaction's gid, the slot's name."""
    owner: str | None
    """Who prepared it."""
    database: str | None
    """Where; None for a slot of the whole server."""
    age: float | None
    """Seconds since it was prepared; None for a slot."""
    horizon: int | None
    """As of a backend."""


class Original(Row):
    """A backend's statement for the server's eyes."""

    sent: bytes | None
    """As sent, in the encoding of its database; never shown."""
    user: str | None
    """Who sent it."""
    here: bool
    """Whether it was sent to this database."""
    cut: bool
    """Whether some of it is missing."""


@dataclass(frozen=True, slots=True)
class Session:
    """A backend with what follows from all the others, its statement masked."""

    backend: Backend
    """The row it comes from."""
    blocks: int
    """How many others wait for it, or for one who does."""
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
    def wait(self) -> str | None:
        """What it waits for; an idle session waits for its client, which is not worth a word."""
        if self.backend.wait_event_type in (None, "Client", "Activity"):
            return None
        return f"{self.backend.wait_event_type}:{self.backend.wait_event}"

    @property
    def hidden(self) -> bool:
        """Whether our role may not see what it does."""
        return self.backend.query_text == HIDDEN_TEXT

    def as_json(self) -> dict[str, object]:
        """The row as --json spells it."""
        row = self.backend.model_dump(exclude={"query_text", "state_age"})
        return row | {"blocks": self.blocks, "query": self.query}


@dataclass(frozen=True, slots=True)
class Horizon:
    """The one who holds the most back."""

    who: str
    """A pid, or the name of a prepared transaction or slot."""
    kind: str
    """session, prepared transaction, replication slot."""
    age: float | None
    """Seconds since its transaction began; None for a slot."""
    transactions: int
    """How many transactions have begun since then."""

    @property
    def grave(self) -> bool:
        """Whether it is a warning."""
        return (self.age or 0.0) >= HELD_LONG or self.transactions >= HELD_MANY


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
    keepers: Sequence[Keeper] = ()
    """Prepared transactions, and slots that keep rows."""
    horizon: Horizon | None = None
    """Who keeps the most rows from vacuum, if for long; None where nobody does."""
    ours_hidden: int = 0
    """Connections of this console that are no rows."""
    grant: str | None = None
    """What would show what is hidden from our role; None when nothing is."""


def count_blocked(backends: Iterable[Backend]) -> Counter[int]:
    """How many backends wait for each pid; for one that waits for nobody those that wait behind others, too.

    Behind a row lock everybody waits for the first in the queue, and only that one for who has it.
    """
    waiters: dict[int, set[int]] = {}
    waiting = set()
    for backend in backends:
        for pid in backend.blocked_by:
            waiters.setdefault(pid, set()).add(backend.pid)
            waiting.add(backend.pid)
    return Counter({pid: len(found if pid in waiting else _behind(pid, waiters)) for pid, found in waiters.items()})


def _behind(pid: int, waiters: Mapping[int, Set[int]]) -> Set[int]:
    """Everybody who waits for it, or for one who does."""
    found: set[int] = set()
    ahead = {pid}
    while ahead:
        ahead = {waiter for each in ahead for waiter in waiters.get(each, ())} - found
        found |= ahead
    return found


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


def under_leaders(sessions: Iterable[Session]) -> list[Session]:
    """The same in their order, but parallel workers right below whom they work for."""
    workers: dict[int | None, list[Session]] = {}
    others = []
    for session in sessions:
        backend = session.backend
        if backend.leader_pid in (None, backend.pid):
            others.append(session)
        else:
            workers.setdefault(backend.leader_pid, []).append(session)
    placed = [each for leader in others for each in (leader, *workers.pop(leader.backend.pid, ()))]
    return [*placed, *(worker for orphans in workers.values() for worker in orphans)]


def summary(sessions: Iterable[Session]) -> Counter[str]:
    """How many there are in each state; a session that waits for a lock counts as waiting, not as active."""
    return Counter(session.state or "other" for session in sessions)


def waits(sessions: Iterable[Session]) -> Counter[str]:
    """How many wait for what kind of thing while they work; an idle session waits for its client, which is no wait."""
    backends = (session.backend for session in sessions)
    found = (b.wait_event_type for b in backends if b.state == "active" or b.blocked_by)
    return Counter(kind for kind in found if kind not in (None, "Client", "Activity"))
