"""What is remembered of the terminal: nobody may see that what stands there is not written again."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any
from unicodedata import category, combining, east_asian_width
from unittest.mock import patch

import pyte
from hypothesis import example, given, settings
from hypothesis import strategies as st
from rich.cells import get_character_cell_size
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from rich.text import Text
from textual.events import Resize as Resized
from textual.geometry import Region, Size
from textual.strip import Strip

from console.ui.onscreen import SURE, OnScreen, Piece
from console.ui.shell import Shell
from tests.terminal import Screen
from tests.ui.waiting import until

updates = import_module("textual._compositor")
CONSOLE = Console(color_system="truecolor", force_terminal=True)
LINES = 3

CUT_OFF = re.compile("^((?:\x1b\\[[0-9;]*m)*)\u0301")
"""A mark at the beginning of a piece: its letter has been cut off, and it would land in another piece."""

KNOWN = [*"ab  ▲✖●…⏎─█ü"]
OTHERS = [*"東京☎🙂", "e\u0301"]
STYLES = [
    None,
    Style(),
    Style(bold=True),
    Style(color="red", bgcolor="#102030"),
    Style(color="red", bgcolor="#102030", meta={"offset": (3, 4)}),
    Style(underline=True, reverse=True),
]


class Real(Screen):
    """No half of a wide character is left on it, as on real ones."""

    def __init__(self, columns: int) -> None:
        super().__init__(columns, LINES)
        self._stream = pyte.Stream(self)
        self.write("\x1b[?7l")  # as Textual has it: what is too long stays in its line

    def write(self, text: str) -> None:
        self._stream.feed(text)

    def draw(self, data: str) -> None:
        for character in data:
            line, x = self.buffer[self.cursor.y], self.cursor.x
            for other, half in ((x - 1, x), (x + pyte.screens.wcwidth(character),) * 2):
                if not combining(character) and other >= 0 and half < self.columns and not line[half].data:
                    line[other] = self.default_char
            super().draw(character)

    @property
    def cells(self) -> list[Any]:
        return [[self.buffer[y][x] for x in range(self.columns)] for y in range(LINES)]


Line = Sequence[tuple[Sequence[str], Style | None]]


@dataclass
class Change:
    """Another line."""

    y: int
    line: Line


@dataclass
class Dye:
    """The same line in another style."""

    y: int
    style: Style | None


@dataclass
class Whole:
    """All lines, cut where widgets end; dropped, if Textual does not come to write it."""

    cuts: Sequence[int]
    written: bool = True


@dataclass
class Part:
    """First cells and numbers of cells of what is written of each line; beside it stands what is hidden there."""

    cuts: Sequence[int]
    spans: Sequence[tuple[int, int]]


@dataclass
class Spoil:
    """Somebody else writes."""

    text: str


@dataclass
class Resize:
    """Another width."""

    columns: int


def lines(texts: Sequence[str]) -> st.SearchStrategy[Line]:
    return st.lists(st.tuples(st.lists(st.sampled_from(texts), max_size=8), st.sampled_from(STYLES)), max_size=4)


COLUMNS = st.integers(2, 20)
CUTS = st.lists(st.integers(1, 19), max_size=3)
SPANS = st.lists(st.tuples(st.integers(0, 18), st.integers(1, 20)), min_size=LINES, max_size=LINES)


def steps(texts: Sequence[str], *others: st.SearchStrategy[Any]) -> st.SearchStrategy[list[Any]]:
    changes = st.builds(Change, st.integers(0, LINES - 1), lines(texts))
    dyes = st.builds(Dye, st.integers(0, LINES - 1), st.sampled_from(STYLES))
    return st.lists(st.one_of(changes, dyes, st.builds(Whole, CUTS), *others), max_size=16)


class Twins:
    """A terminal on which only changes are written, and one on which everything is."""

    def __init__(self, columns: int, *, own: bool = False) -> None:
        self.own = own  # whether the full one is sent Textual's own bytes, in which a cut off mark may go astray
        self.narrow, self.full = Real(columns), Real(columns)
        self.standing = OnScreen()
        self.content: list[Line] = [[(["a東京…"], None)] for _ in range(LINES)]

    def take(self, step: Any) -> None:
        match step:
            case Change(y, line):
                self.content[y] = line
            case Dye(y, style):
                self.content[y] = [(texts, style) for texts, _ in self.content[y]]
            case Whole(cuts, written):
                update = self.whole(cuts)
                if written:
                    self.write(
                        update, [(y, *piece) for y, line in enumerate(self.pieces(cuts)) for piece in line.items()]
                    )
                else:
                    self.standing.narrowed(update)
            case Part(cuts, spans):
                self.partly(cuts, [(y, first, first + size) for y, (first, size) in enumerate(spans)])
            case Spoil(text):
                for terminal in (self.narrow, self.full):
                    terminal.write(text)
                self.standing.forget()
            case Resize(columns) if columns != self.full.columns:
                for terminal in (self.narrow, self.full):
                    terminal.resize(LINES, columns)
                self.take(Whole([]))

    def pieces(self, cuts: Iterable[int]) -> list[dict[int, Strip]]:
        width = self.full.columns
        ends = sorted({*(cut for cut in cuts if cut < width), width})
        made = (Strip([Segment("".join(texts), style) for texts, style in line]) for line in self.content)
        cut = (strip.crop(0, width).extend_cell_length(width).divide(ends) for strip in made)
        return [dict(zip([0, *ends], strips, strict=False)) for strips in cut]

    def whole(self, cuts: Iterable[int]) -> Any:
        pieces = [line.values() for line in self.pieces(cuts)]
        return updates.LayoutUpdate(pieces, Region(0, 0, self.full.columns, LINES))

    def partly(self, cuts: Iterable[int], spans: Sequence[tuple[int, int, int]]) -> None:
        width, pieces = self.full.columns, self.pieces(cuts)
        shown = [(y, first, min(last, width)) for y, first, last in spans if first < width]
        seen = [
            (y, max(first, x), strip.crop(first - x, max(last - x, 0)))
            for y, first, last in shown
            for x, strip in pieces[y].items()
        ]
        for y, first, last in shown:
            for x, strip in pieces[y].items():
                if x >= last or x + strip.cell_length <= first:
                    pieces[y][x] = Strip([Segment("#" * strip.cell_length)])
        ends = [[x + strip.cell_length for x, strip in line.items()] for line in pieces]
        if shown:
            self.write(updates.ChopsUpdate(pieces, shown, ends), seen)

    def write(self, update: Any, pieces: Iterable[Piece]) -> None:
        if self.own:
            self.full.write(update.render_segments(CONSOLE))
            pieces = ()
        self.narrow.write(self.standing.narrowed(update).render_segments(CONSOLE))
        for y, x, strip in pieces:
            self.full.write(f"\x1b[{y + 1};{x + 1}H" + CUT_OFF.sub(r"\1", strip.render(CONSOLE)))
        assert self.narrow.cells == self.full.cells
        assert update.render_segments(CONSOLE) == "", "it stands there"


HALVES = [Whole([]), Part([], [(2, 1)] * LINES), Whole([])]
"""A piece begins amid a wide character, which is whole again after it."""


@settings(max_examples=200)
@example(6, HALVES)
@example(6, [Whole([]), Dye(0, Style(bold=True)), Whole([])])
@given(
    COLUMNS,
    steps(
        [*KNOWN, *OTHERS],
        st.builds(Part, CUTS, SPANS),
        st.builds(Whole, CUTS, st.just(False)),
        st.builds(Spoil, st.sampled_from(["\x1b[2;3HThe system is going down", "\x1b[2J"])),
        st.builds(Resize, COLUMNS),
    ),
)
def test_what_is_left_out_stands_there_already(columns: int, taken: list[Any]) -> None:
    twins = Twins(columns)
    for step in taken:
        twins.take(step)


@settings(max_examples=200)
@example(6, [Change(0, [("abcd", None)]), Whole([2]), Change(0, [("a☎cd", None)]), Whole([2])])
@given(COLUMNS, steps([*KNOWN, *OTHERS]))
def test_a_terminal_that_takes_some_signs_for_wider_or_narrower_shows_no_other_screen_for_it(
    columns: int, taken: list[Any]
) -> None:
    known: Callable[[str], int] = pyte.screens.wcwidth
    with patch("pyte.screens.wcwidth", lambda sign: {"🙂": 1, "☎": 2}.get(sign) or known(sign)):
        twins = Twins(columns)
        for step in taken:
            twins.take(step)


@given(COLUMNS, steps([*KNOWN, *"東京☎🙂", ""], st.builds(Resize, COLUMNS)))
def test_it_is_the_screen_of_textual(columns: int, taken: list[Any]) -> None:
    twins = Twins(columns, own=True)
    for step in taken:
        twins.take(step)


def test_what_stands_there_costs_nothing_and_a_digit_a_digit() -> None:
    twins = Twins(20)
    twins.take(Whole([]))
    for text, sent in (("idle for 12 s", None), ("idle for 12 s", ""), ("idle for 13 s", "\x1b[2;11H3")):
        twins.take(Change(1, [([text], None)]))
        assert twins.standing.narrowed(twins.whole([5])).render_segments(CONSOLE) == sent or sent is None


def test_an_update_of_another_make_is_left_alone_and_makes_it_forget() -> None:
    twins = Twins(20)
    twins.take(Whole([]))
    update = twins.whole([])
    twins.standing.narrowed(None)
    assert twins.standing.narrowed(update).render_segments(CONSOLE) == ""
    text = Text("something else")
    assert twins.standing.narrowed(text) is text
    assert update.render_segments(CONSOLE) != ""


def test_what_is_taken_for_sure_is_one_cell_wide_everywhere() -> None:
    for character in (chr(number) for number in range(0x20, 0x30000)):
        if SURE(character) and category(character) != "Cn":
            assert {get_character_cell_size(character), pyte.screens.wcwidth(character)} == {1}, character
            assert east_asian_width(character) not in "WF", character
            assert category(character)[0] not in "MC", character
    assert not any(SURE(text) for text in OTHERS)


def test_the_signs_of_the_console_are_sure() -> None:
    assert SURE("•●✖▲▼…⏎⇥→←·\u2013\u2014\u2212▁▂▃▄▅▆▇█─│┌┐└┘├▌≈±“”„«»é")


async def test_what_a_size_that_came_and_went_has_cut_off_is_written_again() -> None:
    app = Shell()
    async with app.run_test(size=(80, 24)) as pilot:
        with patch.object(app, "refresh", wraps=app.refresh) as refresh:
            for columns in (70, 80):
                app.post_message(Resized(Size(columns, 24), Size(columns, 24)))
            await until(pilot, lambda: bool(refresh.called))
