"""The widgets on a real terminal: what is written to it, and what is not."""

import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.terminal import ESC, Terminal

SAMPLE = Path(__file__).with_name("sample.py")

COLOUR = re.compile(rb"\x1b\[(?:[0-9;]*;)?(?:3[0-8]|4[0-8]|9[0-7]|10[0-7])(?:;[0-9;]*)?m")
"""An escape sequence that sets a colour."""


def sample(kind: str, *, env: Mapping[str, str] | None = None, columns: int = 80, lines: int = 24) -> Terminal:
    """The sample's console in a terminal, showing rows of a kind."""
    return Terminal([sys.executable, str(SAMPLE)], columns=columns, lines=lines, env={"SAMPLE": kind, **(env or {})})


def back(terminal: Terminal, sign: str) -> None:
    """Wait for what carries this sign, press esc, and wait until it has gone."""
    terminal.wait_for(sign)
    terminal.send(ESC)
    terminal.wait_without(sign)


def leave(terminal: Terminal) -> None:
    terminal.send("q")
    assert terminal.wait() == 0
    assert b"Traceback" not in terminal.raw


def test_hostile_text_never_reaches_the_terminal() -> None:
    with sample("hostile", columns=200) as terminal:
        terminal.wait_for(r"\\x1b\]52;c;aGk=\\x07 \[/\] \[@click=app\.quit\]x \\u202eevil\\x9b31m")
        terminal.send("\r")  # the same text in the detail
        terminal.wait_for(r"^  statement")
        terminal.wait_for(r"\\u202eevil")
        for sign in ("\x1b]52", "\u202e", "\x9b", "\u200b", "\u2028", "\U000e0041"):
            assert sign.encode() not in terminal.raw
        back(terminal, "y copy")
        leave(terminal)


@pytest.mark.parametrize("after", ["2", "/", ":", "\r", "-"])
def test_escape_and_a_key_that_come_at_once_are_both_heard(after: str) -> None:
    """Else the enter that was typed behind it would answer the dialog that escape was to leave."""
    with sample("hostile") as terminal:
        terminal.wait_for(r"live\s*$")
        terminal.send("?")
        terminal.wait_for("Earlier moments")
        terminal.send("\x1b" + after)
        terminal.wait_without("Earlier moments")
        terminal.send(ESC)
        terminal.wait_for("q quit")
        leave(terminal)


def refresh(terminal: Terminal, asked: Path) -> None:
    """Ask for the rows once more; by their own interval they would be old before a slow machine came to it."""
    end = asked.stat().st_size + 1
    terminal.send("r")
    terminal.until(lambda: asked.stat().st_size >= end, "was not asked", at_least_every=0.01)


def test_a_changed_digit_costs_a_digit(tmp_path: Path) -> None:
    """Twenty of a hundred changing ages can be seen; each costs a move, a colour and its digits."""
    asked = tmp_path / "asked"
    with sample("ages", env={"INTERVAL": "5", "ASKED": str(asked)}) as terminal:
        terminal.wait_for(r"live\s*$")
        terminal.rest(0.1)  # the last cells of the first picture
        before = len(terminal.raw)
        for _ in range(6):
            refresh(terminal, asked)
            terminal.wait_for(rf"1000 emr_app .* {asked.stat().st_size - 1} s ")
        assert 0 < len(terminal.raw) - before < 7 * 20 * 60
        leave(terminal)


@pytest.mark.parametrize(
    "env",
    [
        {"NO_COLOR": "1"},
        # test_clipboard.py has a console on this one.
        pytest.param({"TERM": "vt100"}, marks=pytest.mark.long),
        pytest.param({"TERM": "linux"}, marks=pytest.mark.long),
        pytest.param({"TERM": "dumb"}, marks=pytest.mark.long),
    ],
)
def test_without_colours_and_utf8_there_is_no_colour_code_and_only_ascii(env: dict[str, str]) -> None:
    with sample("long", env={"LC_ALL": "C", **env}) as terminal:
        terminal.wait_for(r"READ-ONLY  live")
        terminal.wait_for(r"x{9,}~")
        terminal.send("jj?")
        terminal.wait_for("This pane")
        back(terminal, "This pane")
        terminal.send(" U")
        terminal.wait_for("Reason")
        back(terminal, "Reason")
        terminal.wait_for(r"^\* ")
        assert COLOUR.findall(bytes(terminal.raw)) == []
        assert terminal.raw.isascii()
        leave(terminal)


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where that console leaves a byte for each refresh."""
    return tmp_path_factory.mktemp("idle") / "asked"


@pytest.fixture(scope="module")
def idle(asked: Path) -> Iterator[Terminal]:
    """One console with unchanging rows; opened where it is too small to be one."""
    with sample("idle", env={"INTERVAL": "5", "ASKED": str(asked)}, columns=40, lines=10) as terminal:
        terminal.wait_for(r"This terminal is 40x10; the console")
        terminal.resize(80, 24)
        terminal.wait_for(r"1000 emr_app .* 3 h .*")
        terminal.wait_for(r"live\s*$")
        yield terminal
        leave(terminal)


def test_unchanged_rows_write_nothing(idle: Terminal, asked: Path) -> None:
    """Thirty refreshes of sessions that have been idle for three hours: not one byte."""
    idle.rest(0.3)  # the last cells of the first picture
    before = len(idle.raw)
    for _ in range(30):
        refresh(idle, asked)
        idle.read(0.02)  # in which it would be drawn
    assert bytes(idle.raw[before:]) == b""


def test_colours_are_there_where_nothing_is_said_against_them(idle: Terminal) -> None:
    assert COLOUR.search(bytes(idle.raw))


def test_keys_in_one_write_are_all_kept(idle: Terminal) -> None:
    idle.send("/state:idle age>1h\r")
    idle.wait_for(r"/ state:idle age>1h +17 of 50")
    idle.send(":pause\r")
    idle.wait_for("paused")
    idle.send("Udisk is full\r")
    idle.wait_for("disk is full")
    idle.send("\r")
    idle.wait_for(r"READ-WRITE 1[45]:\d\d")
