"""A recording as the panes see it: what each of them showed at a moment."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from console.errors import Unsupported
from console.services.history.reading import Found, Point, Reader
from console.services.history.recorded import Recorded

STILL = 2
"""Of the seconds between two answers of a slow pane, how many times that the last one is still shown: one may fail."""


class Replay:
    """A timeline for the console, from a file."""

    def __init__(self, reader: Reader, panes: Iterable[Recorded[Any]]) -> None:
        self._reader = reader
        self._panes = {pane.name: pane for pane in panes}
        self.course: Sequence[Point] = ()
        """Every moment, in order."""
        self.read_on()

    def read_on(self) -> None:
        """Notice what was recorded meanwhile."""
        self.course = self._reader.course()
        self._moments = [point.at for point in self.course]

    def moments(self, pane: str) -> Sequence[datetime]:
        """The moments of the recording, whatever the pane."""
        return self._moments

    def rows(self, pane: str, moment: datetime) -> Any:
        """What a pane showed at a moment; Unsupported where that was not recorded."""
        found = self._found(pane, moment)
        if found is None:
            raise Unsupported("This pane was not recorded.")
        return self._panes[pane].unpacked(found.part)

    def asked(self, pane: str, moment: datetime) -> datetime | None:
        """When that was asked; None where it was at the moment itself."""
        found = self._found(pane, moment)
        return found.at if found and found.at != moment else None

    def _found(self, pane: str, moment: datetime) -> Found | None:
        if pane not in self._panes:
            return None
        return self._reader.part(pane, moment, back=timedelta(seconds=STILL * self._panes[pane].every))
