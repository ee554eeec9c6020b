"""The widgets on a real terminal: what is written to it, and what is not."""

import re
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.terminal import Terminal

SAMPLE = Path(__file__).with_name("sample.py")

COLOUR = re.compile(rb"\x1b\[(?:[0-9;]*;)?(?:3[0-8]|4[0-8]|9[0-7]|10[0-7])(?:;[0-9;]*)?m")
"""An escape sequence that sets a colour."""


def sample(kind: str, *, env: Mapping[str, str] | None = None, columns: int = 80, lines: int = 24) -> Terminal:
    """The sample's console in a terminal, showing rows of a kind."""
    return Terminal([sys.executable, str(SAMPLE)], columns=columns, lines=lines, env={"SAMPLE": kind, **(env or {})})


def back(terminal: Terminal, sign: str) -> None:
    """Wait for what carries this sign, press esc, and wait until it has gone: a key after esc would be alt and key."""
    terminal.wait_for(sign)
    terminal.send("\x1b")
    terminal.wait_for(rf"\A(?![\s\S]*{sign})")


def leave(terminal: Terminal) -> None:
    terminal.send("q")
    assert terminal.wait() == 0
    assert b"Traceback" not in terminal.raw


def test_unchanged_rows_write_nothing() -> None:
    """Thirty refreshes of sessions that have been idle for three hours: not one byte."""
    with sample("idle", env={"INTERVAL": "0.03"}) as terminal:
        terminal.wait_for(r"1000 emr_app .* 3 h .*")
        terminal.wait_for(r"live\s*$")
        terminal.quiet(0.3)
        assert terminal.quiet(1.0) == b""
        leave(terminal)


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


def test_a_changed_digit_costs_a_digit() -> None:
    """Twenty of a hundred changing ages can be seen; each costs a move, a colour and its digits."""
    with sample("ages", env={"INTERVAL": "0.15"}) as terminal:
        terminal.wait_for(r"live\s*$")
        terminal.quiet(0.3)
        written = terminal.quiet(1.0)  # no more than seven refreshes
        assert 0 < len(written) < 7 * 20 * 60
        leave(terminal)


@pytest.mark.parametrize(
    "env",
    [
        {"NO_COLOR": "1"},
        {"TERM": "vt100"},
        pytest.param({"TERM": "linux"}, marks=pytest.mark.long),
        pytest.param({"TERM": "dumb"}, marks=pytest.mark.long),
    ],
)
def test_without_colours_there_is_no_colour_code(env: dict[str, str]) -> None:
    with sample("ages", env=env) as terminal:
        terminal.wait_for(r"READ-ONLY  live")
        terminal.send("jj?")
        terminal.wait_for("This pane")
        back(terminal, "This pane")
        terminal.send("U")
        terminal.wait_for("Reason")
        back(terminal, "Reason")
        assert COLOUR.findall(bytes(terminal.raw)) == []
        leave(terminal)


def test_colours_are_there_otherwise() -> None:
    with sample("idle") as terminal:
        terminal.wait_for(r"live\s*$")
        assert COLOUR.search(bytes(terminal.raw))
        leave(terminal)


def test_ascii_where_the_locale_is_not_utf8() -> None:
    with sample("long", env={"LC_ALL": "C"}) as terminal:
        terminal.wait_for(r"x{9,}~")
        terminal.send(" U")
        terminal.wait_for("Reason")
        back(terminal, "Reason")
        terminal.wait_for(r"^\* ")
        assert terminal.raw.isascii()
        leave(terminal)


def test_keys_in_one_write_are_all_kept() -> None:
    with sample("idle") as terminal:
        terminal.wait_for(r"live\s*$")
        terminal.send("/state:idle age>1h\r")
        terminal.wait_for(r"/ state:idle age>1h +17 of 50")
        terminal.send(":pause\r")
        terminal.wait_for("paused")
        terminal.send("Udisk is full\r")
        terminal.wait_for("disk is full")
        terminal.send("\r")
        terminal.wait_for("READ-WRITE 14:")
        leave(terminal)


def test_a_small_terminal_gets_a_sentence_and_recovers() -> None:
    with sample("idle", columns=40, lines=10) as terminal:
        terminal.wait_for(r"This terminal is 40x10; the console")
        terminal.resize(80, 24)
        terminal.wait_for(r"1000 emr_app")
        leave(terminal)
