"""A recording as the panes see it: what each of them showed at a moment."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from console.errors import Unsupported
from console.services.history.reading import Point, Reader
from console.services.history.recorded import Recorded


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
        part = self._reader.part(pane, moment) if pane in self._panes else None
        if part is None:
            raise Unsupported("This pane was not recorded.")
        return self._panes[pane].unpacked(part)
