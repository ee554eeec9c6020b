"""A view over lines that are worked out anew as something goes on."""

from collections.abc import Callable
from typing import Generic, Protocol, TypeVar

from textual.geometry import Size

from console.ui.lines import Line
from console.ui.lineview import LineView
from console.ui.paragraphs import blank

Clock = Callable[[], float]
"""Seconds since some moment."""


class Followed(Protocol):
    """Something that goes on."""

    def lines(self, width: int, now: float) -> list[Line]:
        """What a person sees of it."""


F = TypeVar("F", bound=Followed)


class FollowedView(LineView, Generic[F]):
    """Lines of something that goes on; only what has changed is written, and blank stands below the last."""

    def __init__(self, course: F, clock: Clock) -> None:
        super().__init__()
        self._course = course
        self._clock = clock
        self._lines: list[Line] = []

    def keep_in_sight(self) -> None:
        """Move to what should be seen: the last lines."""
        self.move_to(y=max(0, len(self._lines) - self.room.height))

    def line(self, y: int) -> Line:
        """One of them, or nothing below the last."""
        place = self.top + y
        return self._lines[place] if place < len(self._lines) else blank(self.room.width)

    def on_resize(self) -> None:
        """Lay the lines out again."""
        self.start_over()
        self.follow()

    def follow(self) -> None:
        """Work the lines out anew."""
        self._lines = self._course.lines(self.room.width, self._clock())
        self.set_extent(Size(self.room.width, len(self._lines)))
        self.keep_in_sight()
        self.repaint()
