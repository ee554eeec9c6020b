"""The installed program writes only what changes; its screen is at any time as if all of it had just been written."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import make_conninfo

from console.demo.server import Cluster
from tests.fixtures.databases import fresh, template
from tests.pty.test_console import console
from tests.terminal import ESC, Terminal

WIDE = "東京é_e\u0301_🙂東"
SPOILT = "The system is going down"


@contextmanager
def somebody(server: Cluster) -> Iterator[str]:
    """A role whose name is wide, decorated and longer than its column."""
    with psycopg.connect(server.dsn("postgres"), autocommit=True) as dba:
        name = sql.Identifier(WIDE)
        dba.execute(sql.SQL("CREATE ROLE {} LOGIN SUPERUSER PASSWORD 'x'").format(name))
        try:
            yield WIDE
        finally:
            dba.execute(sql.SQL("DROP ROLE {}").format(name))


@pytest.fixture(scope="module")
def shown(pg18: Cluster) -> Iterator[Terminal]:
    """A console in which nothing moves by itself, with a wide name in several places."""
    with somebody(pg18) as wide, fresh(pg18, template(pg18)) as dsn:
        theirs = make_conninfo(dsn, user=wide, password="x")
        options = ("--pane", "sessions")
        with psycopg.connect(theirs), console(theirs, columns=120, lines=40, options=options) as terminal:
            terminal.wait_for("東京.*idle")
            terminal.send("p")
            terminal.wait_for("paused")
            as_if_new(terminal)
            yield terminal
            terminal.send("q")
            assert terminal.wait() == 0


def as_if_new(shown: Terminal) -> None:
    """The same characters and styles stand there when all of it has been written once more."""
    shown.rest(0.15)
    screen, before = shown.screen, len(shown.raw)
    stood = [[screen.buffer[y][x] for x in range(screen.columns)] for y in range(screen.lines)]
    shown.send("\x0c")
    shown.until(lambda: len(shown.raw) - before > screen.columns * screen.lines, "is not written anew")
    shown.rest(0.05)
    new = [[screen.buffer[y][x] for x in range(screen.columns)] for y in range(screen.lines)]
    assert [y for y, line in enumerate(new) if line != stood[y]] == [], shown.text


def spoil(shown: Terminal) -> None:
    """Somebody else writes to the same terminal."""
    shown._stream.feed(b"\x1b[H" + (SPOILT.encode() + b"\r\n") * shown.screen.lines)


def walk(shown: Terminal, steps: list[tuple[str, str]]) -> None:
    """Press keys, and wait for what they lead to; an exclamation mark before it says that it goes."""
    for keys, sign in steps:
        shown.send(keys)
        if sign.startswith("!"):
            shown.wait_without(sign[1:])
        else:
            shown.wait_for(sign)
        as_if_new(shown)


ROWS = [("w", "client +state"), ("w", "blocks statement"), ("\r", "kind +client"), (ESC, "!kind +client")]
DIALOGS = [
    ("U", "Reason, at least"),
    ("evening\r", "has 7 of 8"),
    (ESC, "!Reason"),
    ("?", "This pane"),
    (ESC, "!This pane"),
]
FINDING = [
    (":mi", "Migrations"),
    (ESC, "!Migrations +[a-z]"),
    ("/qq", "0 of"),
    (ESC, "!/ qq"),
    ("y", "copied"),
    (ESC, "!copied"),
]
PANES = [
    ("1p", "(?s)paused(?!.*asking the rest).*more checks"),
    ("3p", "(?s)paused.*No blocked"),
    ("4p", "(?s)paused.*what runs now"),
    ("5p", "(?s)paused.*connections"),
    ("6p", "(?s)paused.*audit_logs"),
    ("7p", "(?s)paused.*no jobs"),
    ("8p", "(?s)paused.*005"),
    ("9", "types a search"),
    ("0", "finds a patient"),
    ("Fp", "No server"),
    ("2", "東京.*idle"),
]


@pytest.mark.parametrize("steps", [ROWS, DIALOGS, FINDING, PANES])
def test_nothing_is_left_behind(shown: Terminal, steps: list[tuple[str, str]]) -> None:
    walk(shown, steps)


def test_another_size_and_the_same_again(shown: Terminal) -> None:
    for columns, lines in ((80, 24), (200, 50), (70, 20), (120, 40)):
        shown.resize(columns, lines)
        if columns != 70:  # at once back, which Textual may hear as no change
            shown.until(lambda: ": command" in shown.text.split("\n")[-1], "is not drawn")
            as_if_new(shown)


def test_what_somebody_else_has_written_goes(shown: Terminal) -> None:
    spoil(shown)
    shown.send("\x0c")
    shown.wait_without(SPOILT)
    as_if_new(shown)
    shown.send("U")
    shown.wait_for("Reason, at least")
    spoil(shown)
    shown.send("\x0c")
    shown.wait_without(SPOILT)
    shown.send(ESC)
    shown.wait_without("Reason")


@pytest.mark.parametrize("sign", [signal.SIGSTOP, signal.SIGTSTP])
def test_it_goes_on_where_it_was_stopped(shown: Terminal, sign: signal.Signals) -> None:
    shown.process.send_signal(sign)
    os.waitid(os.P_PID, shown.process.pid, os.WSTOPPED | os.WNOWAIT)
    shown.read(0)
    spoil(shown)
    shown.process.send_signal(signal.SIGCONT)
    shown.wait_without(SPOILT)
    shown.wait_for(": command")
    as_if_new(shown)
