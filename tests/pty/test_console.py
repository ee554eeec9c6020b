"""The installed program in a pseudo-terminal: what really reaches a terminal, and what a person can do there."""

import re
import signal
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg
import pytest

from console.demo.server import Cluster
from tests.db.standby import following
from tests.fixtures.databases import fresh, template
from tests.fixtures.pooler import Pooler
from tests.fixtures.running import private_folder
from tests.pty.unchanging import CONSOLE, Unchanging, left_alone
from tests.terminal import ESC, PATIENCE, Terminal

HOSTILE = "evil \x1b]52;c;ZXZpbA==\x07 \x1b[31m [/] [@click=app.quit]x \u202eabc \x9b31m \u200b"
FORBIDDEN = {
    "OSC 52": b"\x1b]52",
    "BEL": b"\x07",
    "its colour": b"\x1b[31m",
    "bidi": "\u202e".encode(),
    "C1": "\x9b".encode(),
    "zero width": "\u200b".encode(),
}

OWN = re.compile(rb"\x1b\]22;[a-z]*\x07")
"""The only sequence with a BEL that is Textual's: the shape of the pointer."""


@contextmanager
def console(dsn: str, *, columns: int = 80, lines: int = 24, options: tuple[str, ...] = ()) -> Iterator[Terminal]:
    """The console on a database."""
    with Terminal([*CONSOLE, "--dsn", dsn, *options], columns=columns, lines=lines) as terminal:
        yield terminal


@pytest.fixture(scope="module")
def emr(pg18: Cluster) -> Iterator[str]:
    """A migrated database, which nobody changes."""
    with fresh(pg18, template(pg18)) as dsn:
        yield dsn


@pytest.fixture(scope="module")
def shown(emr: str) -> Iterator[Terminal]:
    """One console, of which four tests want something; the last of them ends it."""
    with console(emr, options=("--pane", "sessions")) as terminal:
        yield terminal


@pytest.fixture(scope="module")
def unchanging(emr: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Unchanging]:
    """Nothing is done to them while the other tests of this module run; the last two want something."""
    with left_alone(emr, tmp_path_factory.mktemp("recording")) as consoles:
        yield consoles


@pytest.mark.usefixtures("unchanging")  # whose seconds begin here
def test_nothing_hostile_reaches_the_terminal(emr: str, shown: Terminal) -> None:
    with ExitStack() as stack:
        for name in ("application", HOSTILE):
            other = stack.enter_context(psycopg.connect(emr, application_name=name, autocommit=True))
            other.execute(f"select 'hidden-qzjx' as \"{HOSTILE}\"".encode())
        for columns, lines in ((80, 24), (120, 40), (200, 50)):
            shown.resize(columns, lines)
            shown.send("2r")
            shown.wait_for("idle +.*select")
            shown.send("w")  # wide: every column
            shown.send("\x1b[C" * 4)
            shown.send("w\r")
            shown.wait_for("without its values")
            shown.send(ESC)
            shown.wait_without("without its values")
            shown.send("/evil")
            shown.wait_for("/ evil +1 of")
            shown.send(ESC)
            shown.wait_without("/ evil")
        shown.send("8")
        shown.wait_for("005 .*applied")
    written = OWN.sub(b"", bytes(shown.raw))
    assert b"evil" in written
    assert [name for name, data in FORBIDDEN.items() if data in written] == []
    assert b"qzjx" not in written


def test_a_small_terminal_gets_a_sentence_and_a_larger_one_the_console(shown: Terminal) -> None:
    shown.resize(40, 10)
    shown.wait_for("needs 60x15")
    shown.send("8Ub\r\r\r")  # in the dark nothing is heard
    shown.quiet(0.3)
    shown.wait_for("needs 60x15")
    shown.resize(80, 24)
    shown.wait_for("READ-ONLY")
    shown.wait_for("enter open")
    assert "reason" not in shown.text
    shown.resize(59, 24)
    shown.wait_for("needs 60x15")
    shown.resize(80, 24)
    shown.wait_for("READ-ONLY")
    shown.wait_for("enter open")  # the list has the keyboard again


def test_panes_may_be_changed_while_they_ask(shown: Terminal) -> None:
    for _ in range(20):
        shown.send("2")
        shown.send("8")
    shown.send("?")  # behind them all
    shown.wait_for("This pane")
    shown.send(ESC)
    shown.wait_for("005 .*applied")
    shown.wait_for("live")


def test_whatever_the_line_sends_is_no_reason_to_stop(shown: Terminal) -> None:
    """Bytes that are no UTF-8: of a terminal in Latin-1, of one that reports the mouse as terminals once did."""
    shown.send("\udcff\udce9j\x1b[M \udcff\udcff")
    shown.send("/M\udcfcller\r")
    shown.wait_for("/ M.ller +")
    shown.send(ESC)
    shown.wait_without("/ M.ller")


def goes_on(shown: Terminal) -> None:
    """It was stopped from outside, a shell came to the front, and it is there again."""
    shown.process.send_signal(signal.SIGSTOP)
    shown.cook()
    before = len(shown.raw)
    shown.process.send_signal(signal.SIGCONT)
    shown.until(lambda: len(shown.raw) > before + 24, "is not drawn anew")
    shown.send("?")
    shown.wait_for("This pane")


def test_it_ends_with_its_terminal(shown: Terminal) -> None:
    """Nobody could leave it any more; it would hold its connections, and what was revealed, for ever."""
    shown.wait_for(" live")
    shown.hang_up()
    assert shown.process.wait(PATIENCE) == 128 + signal.SIGHUP


async def test_a_promoted_server_is_noticed_and_one_that_was_stopped_is_found_again(pg18: Cluster) -> None:
    with private_folder() as folder:
        async with following(pg18, folder) as server:
            with console(server.dsn(), columns=120) as shown:
                shown.wait_for(r"standby  18\..*live")
                await server.promote()
                shown.wait_for(r"primary  18\..*live")
                shown.wait_for("Nobody else is connected|connections")
                await server.stop()
                shown.wait_for("next try")
                assert "Traceback" not in shown.text
                await server.start()
                shown.wait_for("live")
                shown.send("q")
                assert shown.wait() == 0


def test_without_a_server_it_opens_and_says_why() -> None:
    with console("host=/nonexistent user=x dbname=y", columns=120) as shown:
        shown.wait_for(r"Cannot connect to x@\[local\]/y")
        shown.wait_for("next try")
        goes_on(shown)
        shown.send("\x1b")
        shown.wait_without("This pane")
        shown.send("q")
        assert shown.wait() == 0
        assert shown.raw.count(b"\x1b[?1049h") == 1, "it was not started anew over itself"
        assert shown.cooked


def test_a_wrong_password_is_not_tried_again(pg18_database: str) -> None:
    with console(f"{pg18_database} passfile=/nonexistent password=wrong", columns=200) as shown:
        shown.wait_for("password authentication failed")
        shown.wait_for("r asks again")
        shown.send("q")
        assert shown.wait() == 0


def test_a_pooler_is_one_sentence(pgbouncer: Pooler) -> None:
    with console(pgbouncer.dsn("postgres"), columns=400) as shown:
        assert shown.wait() == 2
    assert len(shown.text.strip().splitlines()) == 1
    assert re.search(r"emr-console: postgres@.* is a connection pooler such as PgBouncer, not Postgre", shown.text)
    assert b"\x1b[?1049l" in shown.raw, "the terminal is as it was"


def test_a_mistake_of_ours_is_a_sentence_without_anybodys_data() -> None:
    with Terminal([sys.executable, "-m", "tests.pty.broken"], columns=120) as shown:
        shown.wait_for("READ-ONLY")
        shown.send("?")
        assert shown.wait() == 20
    assert re.search(r"emr-console: Something unexpected happened .*\(KeyError at broken.py:\d+\)", shown.text)
    assert b"John" not in shown.raw
    assert b"Traceback" not in shown.raw


@pytest.mark.parametrize(
    ("arguments", "said", "code"),
    [
        (["--pane", "nowhere"], 'There is no pane "nowhere"', 2),
        (["--dsn", "host=db.example.org sslmode=disable"], "sslmode=disable does not check", 16),
        # tests/cli/test_main.py has these without a terminal.
        pytest.param(["--profile", "nowhere"], "nowhere", 2, marks=pytest.mark.long),
        pytest.param(["--dsn", "host=/x", "--profile", "y"], "Both --dsn and --profile", 2, marks=pytest.mark.long),
        pytest.param(["nonsense"], "nonsense", 2, marks=pytest.mark.long),
    ],
)
def test_what_cannot_be_opened_is_one_sentence(home: Path, arguments: list[str], said: str, code: int) -> None:
    with Terminal([*CONSOLE, *arguments], columns=1_000) as shown:
        assert shown.wait() == code
    assert said in shown.text
    assert "Traceback" not in shown.text
    assert len(shown.text.strip().splitlines()) == 1


@pytest.mark.parametrize("seconds", [15.0, pytest.param(60.0, marks=pytest.mark.long)])
def test_nothing_is_written_while_nothing_changes(unchanging: Unchanging, seconds: float) -> None:
    assert unchanging.written(seconds) == [b"", b"", b""]


def test_a_recording_is_gone_through(unchanging: Unchanging) -> None:
    shown = unchanging.recording
    shown.send("[")
    shown.wait_for("midnight")
    shown.wait_without("morning")
    shown.send("@")
    shown.wait_for("Known from")
    shown.send("-1h\r")
    shown.wait_for("evening")
    shown.send("9")
    shown.wait_for("This pane was not recorded")
    shown.send("5tt")
    shown.wait_for("idx_patients_mrn")
    shown.send("}")
    shown.wait_for("this pane is asked less often")
    shown.send("r1")
    shown.wait_for("to look at|critical|well")
    assert not [key for key in ("snooze", "measure", "asking") if key in shown.text]
    shown.send("q")
    assert shown.wait() == 0
    assert b"qzjx" not in shown.raw


def ended(shown: Terminal, sign: signal.Signals) -> None:
    """Whoever ends it gets the terminal back."""
    shown.process.send_signal(sign)
    assert shown.wait() == 128 + sign
    assert shown.raw.rindex(b"\x1b[?1049l") > shown.raw.rindex(b"\x1b[?1049h")


def test_whoever_ends_it_gets_the_terminal_back(unchanging: Unchanging) -> None:
    ended(unchanging.migrations, signal.SIGTERM)


@pytest.mark.long  # test_rollback.py has it amid a run
def test_a_line_that_is_cut_gives_it_back_too(emr: str) -> None:
    with console(emr) as shown:
        shown.wait_for("live")
        ended(shown, signal.SIGHUP)
