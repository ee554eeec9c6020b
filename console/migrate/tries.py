"""How often a migration asks for its locks, and how long each time: short first, because whoever reads the table waits
behind it as long; and never without end."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import random

STALL_BUDGET = 15_000
"""Milliseconds of waiting for locks in all tries of one file together."""

STATEMENT_TIMEOUT = 900_000
"""Milliseconds a statement may run unless its file says otherwise."""

LONGEST_WAIT = 1_500
"""Milliseconds that a try waits for a lock at most unless its file says otherwise; also the engine's own statements."""

START = {"statement_timeout": str(STATEMENT_TIMEOUT)}
"""Settings with which a session of the engine begins: a database may be set so that its first words come too late."""

CATALOGUES = START | {"search_path": "pg_catalog"}
"""Those of one that only looks on: nothing of the application's is named in it."""

_SCHEDULE = ((100, 4, 0.1), (200, 4, 0.3), (400, 6, 1.0), (800, 6, 2.0), (LONGEST_WAIT, 4, 3.0))
"""lock_timeout in milliseconds, how often, and the pause after each in seconds."""


@dataclass(frozen=True, slots=True)
class Try:
    """One try of one file."""

    lock_timeout: int
    """Milliseconds it may wait for a lock."""
    pause: float
    """Seconds until the next one, before jitter."""


def tries(lock_timeout: int | None = None, budget: int | None = None) -> Iterator[Try]:
    """The tries that a file has; together they wait for at most `budget` milliseconds.

    Each counts with the whole time that it may wait: what it really waited before a deadlock, nobody tells.

    >>> [each.lock_timeout for each in tries(budget=700)]
    [100, 100, 100, 100, 200, 100]
    >>> [each.lock_timeout for each in tries(lock_timeout=400, budget=1000)]
    [400, 400, 200]
    """
    left = budget or STALL_BUDGET
    for each in _one_kind(lock_timeout) if lock_timeout else _schedule():
        yield Try(min(each.lock_timeout, left), each.pause)
        left -= each.lock_timeout
        if left <= 0:
            return


def jittered(pause: float) -> float:
    """A pause of half to one and a half times its length, so that two runs do not meet again and again."""
    return pause * (0.5 + random())


def _schedule() -> Iterator[Try]:
    for lock_timeout, often, pause in _SCHEDULE:
        for _ in range(often):
            yield Try(lock_timeout, pause)


def _one_kind(lock_timeout: int) -> Iterator[Try]:
    while True:
        yield Try(lock_timeout, 1.0)
