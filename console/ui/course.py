"""The course of a recording in one line: when many were blocked, when the server was away, and where one is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from console.ui.bar import Bar, width_of
from console.ui.columns import Tone
from console.ui.lines import Piece
from console.ui.spark import spark

AWAY = "✖"
"""Stands where the server was away."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One moment of the course."""

    at: datetime
    """When it was."""
    height: float | None
    """What is drawn; None where it is not known."""
    away: bool
    """Whether the server was away."""


class CourseBar(Bar):
    """The whole course, the moment on screen reversed."""

    DEFAULT_CSS = "CourseBar { background: $surface; }"

    def __init__(self, what: str) -> None:
        super().__init__()
        self._what = what
        self._marks: Sequence[Mark] = ()
        self._here: datetime | None = None

    def show(self, marks: Sequence[Mark], here: datetime) -> None:
        """Draw these, and where one is."""
        self._marks, self._here = marks, here
        self.repaint()

    def pieces(self, width: int) -> list[Piece]:
        """Beginning, course, end, and what is drawn."""
        if not self._marks or self._here is None:
            return []
        first, last = self._marks[0].at, self._marks[-1].at
        most = max((mark.height or 0.0 for mark in self._marks), default=0.0)
        left = Piece(f" {first:%H:%M} ", Tone.MUTED)
        right = Piece(f" {last:%H:%M}  {self._what}, at most {most:,.0f} ", Tone.MUTED)
        room = min(len(self._marks), width - width_of([left, right]))
        if room < 1:
            return [right]
        cells, here = drawn(self._marks, room), _cell(self._here, first, last, room)
        course = [
            Piece(cells[:here], Tone.WARNING),
            Piece(cells[here], "cursor"),
            Piece(cells[here + 1 :], Tone.WARNING),
        ]
        return [left, *course, right]


def drawn(marks: Sequence[Mark], width: int) -> str:
    """The course in so many cells, by time: the greatest of each, blank where nothing was recorded.

    >>> from datetime import UTC, timedelta
    >>> night = datetime(2026, 3, 14, 3, tzinfo=UTC)
    >>> heights = {0: 0, 10: 8, 20: None, 40: 4}
    >>> marks = [Mark(night + timedelta(minutes=at), high, high is None) for at, high in heights.items()]
    >>> drawn(marks, 5)
    '▁█✖ ▅'
    """
    cells: list[list[Mark]] = [[] for _ in range(width)]
    for mark in marks:
        cells[_cell(mark.at, marks[0].at, marks[-1].at, width)].append(mark)
    heights = [max((mark.height for mark in cell if mark.height is not None), default=None) for cell in cells]
    curve = spark(heights, width)
    return "".join(AWAY if any(mark.away for mark in cell) else sign for cell, sign in zip(cells, curve, strict=True))


def _cell(at: datetime, first: datetime, last: datetime, width: int) -> int:
    whole = (last - first).total_seconds()
    return 0 if whole <= 0 else max(0, min(width - 1, int((at - first).total_seconds() / whole * width)))
