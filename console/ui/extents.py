"""Fewer bytes for a change: Textual writes a line from its widget's left edge to the changed cell, this the cell only.

On a slow line that is most of what a list of changing ages costs. It knows what an update of Textual is made of, which
is private there (its own comment at that place: "crop to x extents"). Of a release in which updates are made of
something else nothing is narrowed, and a test says so.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Protocol, TypeVar, runtime_checkable

from rich.console import Console
from rich.control import Control
from textual.strip import Strip

Chops = Sequence[Mapping[int, Strip | None]]
"""For each line of the screen its pieces, by their first cell."""

Spans = Sequence[tuple[int, int, int]]
"""What has changed: line, first cell, the cell after the last."""

Ends = Sequence[Sequence[int]]
"""For each line the cell after each of its pieces."""


Update = TypeVar("Update")


@runtime_checkable
class PartOfScreen(Protocol):
    """What Textual calls a ChopsUpdate."""

    chops: Chops
    spans: Spans
    chop_ends: Ends
    render_segments: Callable[[Console], str]


def narrowed(update: Update) -> Update:
    """The same update, without the cells that have not changed."""
    if isinstance(update, PartOfScreen):
        update.render_segments = partial(written, update.chops, update.spans, update.chop_ends)
    return update


def written(chops: Chops, spans: Spans, ends: Ends, console: Console) -> str:
    """The characters for the terminal."""
    parts: list[str] = []
    for y, first, last in spans:
        for end, (x, strip) in zip(ends[y], chops[y].items(), strict=False):
            start = max(first, x)
            if strip is None or start >= min(end, last):
                continue
            parts.append(Control.move_to(start, y).segment.text)
            parts.append(strip.crop(start - x, min(end, last) - x).render(console))
    return "".join(parts)
