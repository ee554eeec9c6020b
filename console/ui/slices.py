"""Long work in slices, between which keys are answered."""

from asyncio import sleep
from time import monotonic

SLICE = 0.008
"""Seconds of work at a time."""

PAUSE = 0.002
"""Seconds between two slices: a key passes from widget to widget in many turns of the loop, not in one."""


class Slices:
    """Says when a slice is over, and how much work there was."""

    def __init__(self) -> None:
        self.worked = 0.0
        """Seconds of work in the slices that are over."""
        self._since = monotonic()

    @property
    def over(self) -> bool:
        """Whether it is time to let others work."""
        return monotonic() - self._since > SLICE

    async def rest(self) -> None:
        """Let others work; a new slice begins after that."""
        self.worked += monotonic() - self._since
        await sleep(PAUSE)
        self._since = monotonic()
