"""A plan on the screen, to be scrolled through."""

from collections.abc import Sequence
from typing import ClassVar

from textual.geometry import Size

from console.migrate.plan.reports import Plan
from console.panes.migrations.models import InTheWay
from console.panes.migrations.plan_lines import plan_lines
from console.ui.commands import SCROLLING, CommandTable, bindings
from console.ui.lines import Line
from console.ui.lineview import LineView
from console.ui.paragraphs import blank


class PlanText(LineView):
    """A plan to scroll through."""

    COMMAND_TABLE: ClassVar[CommandTable] = SCROLLING
    BINDINGS: ClassVar = bindings(SCROLLING)

    def __init__(self) -> None:
        super().__init__()
        self._plan: Plan | None = None
        self._in_the_way: Sequence[InTheWay] = ()
        self._lines: list[Line] = []

    def line(self, y: int) -> Line:
        """One of its lines, or nothing below the last."""
        place = self.top + y
        return self._lines[place] if place < len(self._lines) else blank(self.room.width)

    def on_resize(self) -> None:
        """Lay it out for the new width."""
        self._lay_out()

    def show(self, plan: Plan, in_the_way: Sequence[InTheWay]) -> None:
        """Show another plan, from its beginning, and who holds now what it wants for itself."""
        self._plan, self._in_the_way = plan, in_the_way
        self.move_to(y=0)
        self._lay_out()

    def _lay_out(self) -> None:
        self._lines = plan_lines(self._plan, self.room.width, self._in_the_way) if self._plan else []
        self.set_extent(Size(self.room.width, len(self._lines)))
        self.start_over()
