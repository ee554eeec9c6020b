"""Fewer bytes for a change: Textual writes a line from its widget's left edge to the changed cell, this the cell only.

It replaces one method of a class that is private to Textual (its own comment there: "crop to x extents"), so a test
counts the bytes: a release of Textual that renames things fails that test, not the console.
"""

from rich.console import Console, RenderableType
from rich.control import Control
from textual._compositor import ChopsUpdate


class Extents(ChopsUpdate):
    """An update of some cells that writes no others."""

    def render_segments(self, console: Console) -> str:
        """The update as the characters for the terminal."""
        written: list[str] = []
        for y, first, last in self.spans:
            for end, (x, strip) in zip(self.chop_ends[y], self.chops[y].items(), strict=False):
                start = max(first, x)
                if strip is None or start >= min(end, last):
                    continue
                written.append(Control.move_to(start, y).segment.text)
                written.append(strip.crop(start - x, min(end, last) - x).render(console))
        return "".join(written)


def narrowed(update: RenderableType | None) -> RenderableType | None:
    """The same update, without the cells that have not changed."""
    if type(update) is not ChopsUpdate:
        return update
    return Extents(update.chops, update.spans, update.chop_ends)
