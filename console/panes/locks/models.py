"""Who waits for a lock, and who is waited for, as the server tells it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from console.row import HIDDEN_TEXT, MaskedText, Row
from console.services.locking.models import STRENGTH, Held, Lock


class Party(Lock):
    """Who waits for a lock, or is waited for: a backend or a prepared transaction. None is what is hidden or absent."""

    id: int
    """The server process; of a prepared transaction its transaction id as a negative number."""
    backend_start: datetime | None
    """When it connected; with the pid its identity."""
    backend_type: str | None
    """client backend, autovacuum worker, walsender, ..."""
    user: str | None
    """The role; of a prepared transaction its owner."""
    database: str | None
    """The database it is connected to, or was prepared in."""
    application: str | None
    """What it calls itself; anybody can write anything there."""
    client: str | None
    """Its address, `local` for a socket."""
    state: str | None
    """active, idle, idle in transaction, ..."""
    query_start: datetime | None
    """When its latest statement began."""
    query_age: float | None
    """Seconds since then."""
    transaction_age: float | None
    """Seconds since its transaction began, or was prepared."""
    state_age: float | None
    """Seconds since its state last changed."""
    has_written: bool
    """Whether its transaction has changed something, as far as is seen."""
    query_text: MaskedText | None
    """Its latest statement without literals, perhaps cut."""
    gid: str | None
    """What stands for the name of a prepared transaction, which may be a patient's; None for a backend."""
    blocked_by: list[int]
    """Who holds what it wants; where nobody does, the last before it in the queue."""
    modes_held: list[str]
    """The modes in which it holds what others wait for."""
    mode_wanted: str | None
    """The mode it waits for; None where it does not wait."""
    waited: float | None
    """Seconds since it began to wait; None at the very beginning."""

    @property
    def waits(self) -> bool:
        """Whether it waits for a lock."""
        return self.mode_wanted is not None

    @property
    def prepared(self) -> bool:
        """Whether it is a prepared transaction, which has no process."""
        return self.id < 0

    @property
    def hidden(self) -> bool:
        """Whether our role may not see what it does."""
        return self.query_text == HIDDEN_TEXT

    @property
    def mode_held(self) -> str | None:
        """The strongest mode in which it holds what others wait for.

        >>> Party.model_construct(modes_held=["ShareLock", "RowExclusiveLock"]).mode_held
        'ShareLock'
        """
        return max(self.modes_held, key=lambda mode: STRENGTH.index(mode) if mode in STRENGTH else -1, default=None)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Who blocked whom at one moment."""

    as_of: datetime
    """When it was, by the server's clock."""
    parties: Sequence[Party]
    """Everybody who waits, and for whom."""
    grant: str | None = None
    """What would show what is hidden from our role; None when nothing is."""


class Gid(Row):
    """The name of one prepared transaction."""

    gid: str
    """All of it."""


@dataclass(frozen=True, slots=True)
class Detail:
    """What is only asked for one party."""

    query: str | None
    """Its whole statement without literals; None where there is none, it is hidden, or the session has gone."""
    locks: Sequence[Held]
    """Its locks, what it waits for first."""
    gid: str | None = None
    """The whole name of a prepared transaction, for the statement that ends it; never recorded."""
