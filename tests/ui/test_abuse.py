"""What a cat on the keyboard, a clipboard full of rubbish and a window manager can do: no harm."""

import random
from collections.abc import Iterator

import pytest

from tests.terminal import Terminal
from tests.ui.test_pty import back, leave, sample

GARBAGE = "".join(random.Random(7).choices("abc :!~<>=\"'*(){}[]|?+\\\x07\x9b\u202e\u200b\n\r\té東", k=100_000))
"""100 kB of what filters and people stumble over; without ESC, which terminals take out of what is pasted."""

HOSTILE = "\x1b]52;c;aGk=\x07\x1b[31mred\u202eevil\x9b"
FORBIDDEN = ["\x1b]52;", "\x1b[31m", "\u202e", "\x9b"]


OPENED = "y copy"
"""Stands on a page."""


def paste(terminal: Terminal, text: str) -> None:
    """Paste as a terminal does, reading what is written meanwhile, or else both sides would wait."""
    pasted = f"\x1b[200~{text}\x1b[201~"
    for start in range(0, len(pasted), 1024):
        terminal.send(pasted[start : start + 1024])
        terminal.read(0)


@pytest.fixture(scope="module")
def console() -> Iterator[Terminal]:
    """One console, which all of it is done to; after it one can still leave."""
    with sample("idle") as terminal:
        yield terminal
        leave(terminal)


@pytest.fixture
def terminal(console: Terminal) -> Terminal:
    """That console, with all rows of its first pane."""
    console.wait_for("2 Sess")
    console.send("2")
    console.wait_for(r"live\s*$")
    if " of 50" in console.text:
        back(console, " of 50")
    return console


def alive(terminal: Terminal) -> None:
    """It still hears keys, and nobody opened the write window."""
    terminal.send("G")
    terminal.wait_for("1049 dba")
    terminal.send("g")
    terminal.wait_for("1000 emr_app")
    terminal.wait_for("READ-ONLY")


def harmless(terminal: Terminal) -> None:
    """Nothing that was pasted reached the terminal."""
    assert [sign for sign in FORBIDDEN if sign.encode() in terminal.raw] == []


def test_garbage_in_the_filter(terminal: Terminal) -> None:
    terminal.send("/")
    terminal.wait_for("fields:")
    paste(terminal, HOSTILE)
    terminal.wait_for(r"/ \^?\]52;c;aGk=\^?\[31mredevil")
    harmless(terminal)
    paste(terminal, GARBAGE)
    terminal.wait_for("✖|0 of 50")
    terminal.send("\x1b")
    terminal.wait_without("of 50")
    alive(terminal)


def test_garbage_in_a_question(terminal: Terminal) -> None:
    terminal.send("U")
    terminal.wait_for("Reason")
    paste(terminal, HOSTILE)
    terminal.wait_for("redevil")
    harmless(terminal)
    paste(terminal, GARBAGE)
    back(terminal, "Reason")
    alive(terminal)


def test_garbage_in_the_palette(terminal: Terminal) -> None:
    terminal.send(":")
    terminal.wait_for("do it")
    paste(terminal, HOSTILE)
    paste(terminal, GARBAGE)
    terminal.wait_for("no such command")
    harmless(terminal)
    back(terminal, "do it")
    alive(terminal)


def test_garbage_where_nothing_is_typed(terminal: Terminal) -> None:
    """Not one letter of it is taken for a key."""
    paste(terminal, GARBAGE)
    harmless(terminal)
    alive(terminal)


@pytest.mark.parametrize(
    ("first", "sign"),
    [("", "enter open"), ("/", "fields:"), ("/idle", "33 of 50"), ("?", "This pane")],
)
def test_fifty_enters(terminal: Terminal, first: str, sign: str) -> None:
    """They open a page and close it, and one page lies on the list, not fifty."""
    terminal.send(first)
    terminal.wait_for(sign)
    terminal.send("\r" * 50)
    heard(terminal)
    if OPENED in terminal.text:  # one that came before the page was there opened none
        back(terminal, OPENED)
    terminal.send("8")
    terminal.wait_for("just now")
    alive(terminal)


def heard(terminal: Terminal) -> None:
    """To the palette and back, by when it has heard all keys; twice, since a page that still opens keeps its own."""
    for _ in range(2):
        terminal.send(":")
        terminal.wait_for("do it")
        back(terminal, "do it")


def test_fifty_enters_in_the_palette(terminal: Terminal) -> None:
    terminal.send(":")
    terminal.wait_for("do it")
    terminal.send("\r" * 50)
    terminal.wait_without("do it")
    terminal.send("8")
    terminal.wait_for("just now")
    alive(terminal)


@pytest.mark.parametrize(("first", "sign"), [("U", "Reason"), ("/age:x", "✖ at 5")])
def test_fifty_enters_where_something_is_missing(terminal: Terminal, first: str, sign: str) -> None:
    terminal.send(first)
    terminal.wait_for(sign)
    terminal.send("\r" * 50 + "end")
    terminal.wait_for("end")
    back(terminal, "end")
    alive(terminal)


SIZES = [(40, 10), (20, 3), (300, 100), (60, 15), (1, 1), (59, 15), (60, 14), (200, 50), (2, 40), (120, 40)]


PLACES = [
    ("", "enter open"),
    ("/idle", "33 of 50"),
    ("U", "Reason"),
    ("?", "This pane"),
    (":", "do it"),
    ("\r", OPENED),
]
"""Where a storm may find a person: keys that lead there, and what then stands on the screen."""


@pytest.mark.parametrize("rounds", [1, pytest.param(3, marks=pytest.mark.long)])
def test_storms_of_sizes(terminal: Terminal, rounds: int) -> None:
    for first, sign in PLACES:
        terminal.send(first)
        terminal.wait_for(sign)
        for columns, lines in SIZES * rounds:
            terminal.resize(columns, lines)
            terminal.read(0)
        terminal.resize(40, 10)
        terminal.wait_for("This terminal is 40x10")
        terminal.resize(80, 24)
        terminal.wait_for(sign)
        if first:
            back(terminal, sign)
    alive(terminal)


def test_what_is_typed_goes_on_after_a_small_terminal(terminal: Terminal) -> None:
    terminal.send("U")
    terminal.wait_for("Reason")
    terminal.send("disk ")
    terminal.wait_for("disk")
    terminal.resize(40, 10)
    terminal.wait_for("This terminal is 40x10")
    terminal.resize(80, 24)
    terminal.wait_for("disk")
    terminal.send("is full")
    terminal.wait_for("disk is full")
    back(terminal, "Reason")
    alive(terminal)
