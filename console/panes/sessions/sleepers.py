"""Those who have slept since the last reading: of hundreds of idle sessions only the pids are sent again.

Whoever is not at work has had its last word: any further one would have set `state_change`. That is not relied on: the
server sends a fingerprint of all that is not sent, and where ours is another one everything is read anew.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from console.panes.sessions.models import Asleep, Backend

MARGIN = timedelta(seconds=1)
"""How long before the last reading it must have gone to sleep: what was just being written may have been read half."""


class _Known(NamedTuple):
    backend: Backend
    read: datetime

    def older(self, now: datetime) -> Backend:
        """The same at a later moment."""
        known, passed = self.backend, (now - self.read).total_seconds()
        return known.model_copy(
            update={
                "query_age": _more(known.query_age, passed),
                "transaction_age": _more(known.transaction_age, passed),
                "state_age": _more(known.state_age, passed),
            }
        )


def _more(age: float | None, passed: float) -> float | None:
    return None if age is None else age + passed


class Sleepers:
    """Everybody as last read."""

    def __init__(self) -> None:
        self.since: datetime | None = None
        """Whoever has slept since then need not be sent; None: everybody has to be."""
        self._known: dict[int, _Known] = {}

    def joined(self, sent: Sequence[Backend], asleep: Asleep) -> list[Backend] | None:
        """Those who were sent and those who sleep, by pid; None where these are not as they are known here."""
        sleeping = {pid: self._known[pid] for pid in asleep.pids if pid in self._known}
        prints = [known.backend.fingerprint for known in sleeping.values()]
        self._known = {backend.pid: _Known(backend, asleep.as_of) for backend in sent} | sleeping
        if len(sleeping) != len(asleep.pids) or sum(each or 0 for each in prints) != asleep.fingerprint:
            self.since = None
            return None
        self.since = asleep.as_of - MARGIN
        older = [known.older(asleep.as_of) for known in sleeping.values()]
        return sorted([*sent, *older], key=lambda backend: backend.pid)
