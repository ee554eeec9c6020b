"""Fewer bytes for a change: what stands on the terminal is remembered, and of every update the rest is written.

Textual compares no cells. It writes all of them when a page, a pane or a dialog comes or goes, up to five times, and
otherwise lines from their widget's left edge; on a slow line that is most of what a console costs. This knows what its
updates are made of, which is private there. Updates of a release that makes them of something else are written as they
are, and a test says so.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby, takewhile
from operator import ne
from typing import Protocol, TypeVar, runtime_checkable

from rich.cells import get_character_cell_size
from rich.color import ColorSystem
from rich.console import COLOR_SYSTEMS, Console
from textual.geometry import Region
from textual.strip import Strip

STRETCHES = re.compile(b"\1+(?:\0{1,9}\1+)*").finditer
"""What is to be written of cells that differ (1) or do not (0): to pass a few of the latter would cost more."""

TEXT = "\0"
"""Stands for the text in what a terminal is sent for text of some look."""

UNKNOWN = "\0"
"""Instead of a character: where it is not known what the terminal shows, or not by which cell."""

Piece = tuple[int, int, Strip]
"""Line and first cell of a part of the screen, and what is to be there."""

Chops = Sequence[Mapping[int, Strip | None]]
"""For each line of the screen its pieces, by their first cell."""

Spans = Sequence[tuple[int, int, int]]
"""What has changed: line, first cell, the cell after the last."""

Ends = Sequence[Sequence[int]]
"""For each line the cell after each of its pieces."""

SURE = re.compile(
    "["
    "\\x20-\\x7e\xa0-\xac\xae-\u02ff\u0370-\u0377\u037a-\u037f\u0384-\u0482\u048a-\u052f"  # Latin, Greek, Cyrillic
    "\u2010-\u2027\u2030-\u203a\u20a0-\u20bf\u2190-\u2193\u21e5\u2200-\u22ff\u23ce"  # dashes, quotes, arrows, sums
    "\u2500-\u25a9\u25ac-\u25b5\u25b7-\u25bf\u25c1-\u25fa\u2716\u2800-\u28ff"  # boxes, blocks, signs
    "]*"
).fullmatch
"""Whether a text has only characters of which all terminals know that they are one cell wide: no emoji, for one,
and nothing that is drawn into another character's cell."""

Update = TypeVar("Update")


@runtime_checkable
class WholeScreen(Protocol):
    """What Textual calls a LayoutUpdate."""

    strips: Sequence[Iterable[Strip]]
    region: Region
    render_segments: Callable[[Console], str]


@runtime_checkable
class PartOfScreen(Protocol):
    """What Textual calls a ChopsUpdate."""

    chops: Chops
    spans: Spans
    chop_ends: Ends
    render_segments: Callable[[Console], str]


class OnScreen:
    """What stands on a terminal."""

    def __init__(self) -> None:
        self._size = 0, 0
        self._lines: list[Cells] = []

    def forget(self) -> None:
        """Take nothing for granted: the terminal may show anything."""
        self._size = 0, 0

    def narrowed(self, update: Update) -> Update:
        """The same update, without the cells that stand there already. Textual decides whether it is written at all."""
        if isinstance(update, WholeScreen):
            update.render_segments = partial(self._whole, update.strips, update.region)
        elif isinstance(update, PartOfScreen):
            update.render_segments = partial(self._part, update.chops, update.spans, update.chop_ends)
        elif update is not None:
            self.forget()
        return update

    def _whole(self, strips: Sequence[Iterable[Strip]], region: Region, console: Console) -> str:
        self._fit(region.width, region.height)
        return self._written(whole(strips), console)

    def _part(self, chops: Chops, spans: Spans, ends: Ends, console: Console) -> str:
        self._fit(ends[0][-1], len(chops))
        return self._written(part(chops, spans, ends), console)

    def _fit(self, width: int, height: int) -> None:
        """Forget everything if it was a screen of another size."""
        if (width, height) != self._size:
            self._size = width, height
            self._lines = [Cells(UNKNOWN * width, [""] * width) for _ in range(height)]

    def _written(self, pieces: Iterable[Piece], console: Console) -> str:
        """The characters for the terminal, which from now on stand there."""
        system = COLOR_SYSTEMS[console.color_system] if console.color_system else ColorSystem.TRUECOLOR
        sent: list[str] = []
        cursor = None
        for y, x, strip in pieces:
            new, line = cells(strip, system, console), self._lines[y]
            stretches = new.beside(line, x)
            for first, last in stretches:
                if cursor != (x + first, y):
                    sent.append(f"\x1b[{y + 1};{x + first + 1}H")
                sent.append(new.written(first, last))
                cursor = (x + last, y) if new.sure else None
            if stretches:
                line.put(x, new)
        return "".join(sent)


@dataclass(slots=True)
class Cells:
    """Some cells beside each other."""

    text: str
    """The character in each of them."""
    looks: list[str]
    """For each of them what a terminal is sent for TEXT of that look."""
    sure: bool = True
    """Whether each holds one character. If not, the first one's look stands for all of them."""

    def beside(self, old: "Cells", x: int) -> list[tuple[int, int]]:
        """First cell, and cell after the last, of what must be written where those stand from `x` on.

        >>> two, three, tells = (Cells(text, [TEXT] * 7) for text in ("2 cells", "3 cells", "3 tells"))
        >>> two.beside(two, 0), three.beside(two, 0), tells.beside(two, 0)
        ([], [(0, 1)], [(0, 3)])
        """
        after = x + len(self.text)
        text, looks = old.text[x:after], old.looks[x:after]
        if self.text == text and self.looks == looks:
            return []
        if not self.sure:
            return [(0, len(self.text))]
        differ = map(ne, zip(self.text, self.looks, strict=False), zip(text, looks, strict=False))
        return [found.span() for found in STRETCHES(bytes(differ))]

    def written(self, first: int, after: int) -> str:
        r"""What is sent for some of them.

        >>> Cells("abc", ["<\0>", "<\0>", "\0"]).written(0, 3)
        '<ab>c'
        """
        if not self.sure:
            return self.looks[0]
        sent, at = [], first
        for look, alike in groupby(self.looks[first:after]):
            end = at + len([*alike])
            sent.append(look.replace(TEXT, self.text[at:end]))
            at = end
        return "".join(sent)

    def put(self, x: int, new: "Cells") -> None:
        """Have these from `x` on. Nobody knows what is shown behind those that are not sure, wherever they end."""
        after = x + len(new.text)
        behind = self.text[after:] if new.sure else UNKNOWN * len(self.text[after:])
        self.text = self.text[:x] + new.text + behind
        self.looks[x:after] = new.looks


def whole(strips: Sequence[Iterable[Strip]]) -> Iterator[Piece]:
    """The pieces of all lines."""
    for y, line in enumerate(strips):
        x = 0
        for strip in line:
            yield y, x, strip
            x += strip.cell_length


def part(chops: Chops, spans: Spans, ends: Ends) -> Iterator[Piece]:
    """The pieces of what has changed; beside them Textual may give what is covered there."""
    for y, first, last in spans:
        for end, (x, strip) in zip(ends[y], chops[y].items(), strict=False):
            start, stop = max(first, x), min(end, last)
            if strip is not None and start < stop:
                yield y, start, strip.crop(start - x, stop - x)


def cells(strip: Strip, system: ColorSystem, console: Console) -> Cells:
    r"""The cells of a piece.

    >>> from rich.segment import Segment
    >>> from rich.style import Style
    >>> plain, bold, console = Style(), Style(bold=True), Console(color_system="truecolor")
    >>> cells(Strip([Segment("a", plain), Segment("…", bold)]), ColorSystem.TRUECOLOR, console)
    Cells(text='a…', looks=['\x00', '\x1b[1m\x00\x1b[0m'], sure=True)
    >>> cells(Strip([Segment("a", plain), Segment("東", bold)]), ColorSystem.TRUECOLOR, console)
    Cells(text='\x00\x00\x00', looks=['a\x1b[1m東\x1b[0m', '', ''], sure=False)
    """
    text, looks = strip.text, []
    if SURE(text):
        for part, style, _ in strip:
            looks += [TEXT if style is None else Strip.render_style(style, TEXT, system)] * len(part)
        return Cells(text, looks)
    size = strip.cell_length
    cut_off = "".join(takewhile(lambda mark: not get_character_cell_size(mark), text))  # from a letter beside it
    return Cells(UNKNOWN * size, [strip.render(console).replace(cut_off, "", 1), *[""] * size][:size], sure=False)
