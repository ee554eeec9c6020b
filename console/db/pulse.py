"""The pulse: how the server feels at one moment, and how that changed over the last ten minutes."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from console.db.pipeline import Request
from console.db.query import Query
from console.row import Row

KEPT = timedelta(minutes=10)
"""How far back pulses are remembered."""


class Pulse(Row):
    """One beat; times and spans are by the server's clock."""

    as_of: datetime
    """When it was taken."""
    started: datetime
    """When the server was started."""
    in_recovery: bool
    """A standby; it takes no writes."""
    connections: int
    """Clients connected, ours among them."""
    connection_limit: int
    """Connections that those can have in all who may use no reserved ones."""
    transactions: int
    """Transactions that ended in this database since its counters began."""
    stats_reset: datetime | None
    """When these counters were last set to zero by somebody; None if never."""
    blocked: int | None
    """Backends that wait for a lock; None where our role does not see them all."""
    longest_transaction: float | None
    """Seconds of the oldest transaction of a client; None without one, or where our role does not see them all."""


PULSE = Request(Query(__package__, "pulse"), Pulse)
"""The question; one for all, so that its answer can be found in anybody's pipeline."""


def transaction_rate(before: Pulse, after: Pulse) -> float | None:
    """Transactions a second between two pulses; None if the counter began anew, or if no time passed.

    >>> from datetime import UTC
    >>> start = datetime(2026, 3, 14, tzinfo=UTC)
    >>> plain = {"started": start, "stats_reset": None}
    >>> one = Pulse.model_construct(**plain, as_of=start, transactions=100)
    >>> two = Pulse.model_construct(**plain, as_of=start + timedelta(seconds=2), transactions=350)
    >>> transaction_rate(one, two), transaction_rate(two, one), transaction_rate(one, one)
    (125.0, None, None)
    >>> transaction_rate(one, two.model_copy(update={"stats_reset": start}))
    >>> transaction_rate(one, two.model_copy(update={"started": start + timedelta(seconds=1)}))
    """
    seconds = (after.as_of - before.as_of).total_seconds()
    more = after.transactions - before.transactions
    same = (before.started, before.stats_reset) == (after.started, after.stats_reset)
    return more / seconds if same and seconds > 0 and more >= 0 else None


def recent(pulses: Iterable[Pulse]) -> Iterator[Pulse]:
    """Those of the ten minutes before the last one; none that a clock which was set back has left in its future.

    >>> from datetime import UTC
    >>> noon = datetime(2026, 3, 14, 12, tzinfo=UTC)
    >>> taken = [Pulse.model_construct(as_of=noon + timedelta(minutes=m)) for m in (-11, -10, 5, -1, 0)]
    >>> [f"{pulse.as_of:%H:%M}" for pulse in recent(taken)]
    ['11:50', '11:59', '12:00']
    """
    known = list(pulses)
    return (pulse for pulse in known if timedelta(0) <= known[-1].as_of - pulse.as_of <= KEPT)


@dataclass(slots=True)
class Pulses:
    """The pulses of the last ten minutes."""

    kept: list[Pulse] = field(default_factory=list)
    """The oldest first."""

    @property
    def latest(self) -> Pulse | None:
        """The newest one; None before the first."""
        return self.kept[-1] if self.kept else None

    def add(self, pulse: Pulse) -> None:
        """Remember one more, and forget what is too old."""
        self.kept = list(recent([*self.kept, pulse]))
