"""Facts: labels and values in two columns."""

from collections.abc import Sequence

from rich.cells import cell_len
from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

from console.ui.text import fit, sanitise

Fact = tuple[str, str]
"""A label and what it stands for."""

LEAST = 16
"""Cells of a value; where there are fewer it goes on below its label."""


class Facts(Widget):
    """Facts, as wide as there is room; what a value has no room for goes on below it."""

    DEFAULT_CSS = "Facts { height: auto; }"

    def __init__(self, facts: Sequence[Fact]) -> None:
        super().__init__()
        self._facts = facts

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As many lines as they take."""
        return facts_text(self._facts, width).count("\n") + 1

    def render(self) -> Content:
        """The lines."""
        return Content(facts_text(self._facts, self.content_size.width))


def facts_text(facts: Sequence[Fact], width: int | None = None) -> str:
    """Labels and values in two columns, a value of several lines in its own; lines of `width` cells, if that is said.

    >>> print(facts_text([("pid", "4711"), ("user", "emr_app"), ("query", "select 1,\\n 2")]))
    pid    4711
    user   emr_app
    query  select 1,
            2
    >>> print(facts_text([("pid", "4711"), ("waits for", "another session that is asleep")], 29))
    pid        4711
    waits for  another session
               that is asleep
    """
    label_width = max((cell_len(label) for label, _ in facts), default=0) + 2
    room = max(LEAST, width - label_width) if width else None
    lines = []
    for label, value in facts:
        first, *others = _lines(value, room)
        lines.append(fit(label, label_width) + first)
        lines += [" " * label_width + other for other in others]
    return "\n".join(lines)


def _lines(value: str, room: int | None) -> list[str]:
    lines = sanitise(value, lines=True).split("\n")
    if room is None:
        return lines
    return [part.plain.rstrip() for line in lines for part in (Content(line).wrap(room) if line else [Content("")])]
