"""A view over lines that are worked out anew as something goes on."""

from textual.geometry import Size

from console.ui.lines import Line
from console.ui.lineview import LineView
from console.ui.paragraphs import blank


class FollowedView(LineView):
    """Lines of something that goes on; only what has changed is written, and blank stands below the last."""

    def __init__(self) -> None:
        super().__init__()
        self._lines: list[Line] = []

    def worked_out(self) -> list[Line]:
        """The lines as they are now."""
        raise NotImplementedError

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
        self._lines = self.worked_out()
        self.set_extent(Size(self.room.width, len(self._lines)))
        self.keep_in_sight()
        self.repaint()
