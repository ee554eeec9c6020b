"""Filtering many rows without keeping a key waiting."""

from asyncio import sleep
from collections.abc import Callable, Sequence
from time import monotonic
from typing import TypeVar

from console.errors import UsageError

R = TypeVar("R")

SLICE = 0.008
"""Seconds of work at a time."""

PAUSE = 0.002
"""Seconds between two slices: a key passes from widget to widget in many turns of the loop, not in one."""

PATIENCE = 3.0
"""Seconds of work after which a filter is given up; only a pattern on texts that are made to be slow comes so far."""


class TooSlow(UsageError):
    """A filter that takes too long on these rows."""


async def matching(rows: Sequence[R], wanted: Callable[[R], bool]) -> list[R]:
    """The rows that `wanted` says yes to, worked out in slices; TooSlow if that takes more than PATIENCE."""
    found: list[R] = []
    worked, since = 0.0, monotonic()
    for row in rows:
        if wanted(row):
            found.append(row)
        now = monotonic()
        if now - since > SLICE:
            worked += now - since
            if worked > PATIENCE:
                raise TooSlow(f"This filter takes too long on {len(rows):,} rows; all are shown.")
            await sleep(PAUSE)
            since = monotonic()
    return found
