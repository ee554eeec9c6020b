"""Rolling one migration back in the console, by keys that the screen shows; and that enter alone destroys nothing."""

import re
import signal
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest

from console.demo.server import Cluster
from tests.fixtures.databases import fresh, template
from tests.migrate.working import ask, one, tables
from tests.pty.test_console import console, ended
from tests.terminal import ESC, Terminal

REASON = "the ward asked for it"
TYPED = "Type (005_[a-z_]+) to roll it back"


@pytest.fixture(scope="module")
def emr(pg18: Cluster) -> Iterator[str]:
    """A migrated database, which is as it was after each test."""
    with fresh(pg18, template(pg18)) as dsn:
        yield dsn


@pytest.fixture(scope="module")
def shown(emr: str) -> Iterator[Terminal]:
    """One console, of which each test wants something; the second opens its write window, the last one ends it."""
    with opened(emr) as terminal:
        yield terminal


@contextmanager
def opened(dsn: str) -> Iterator[Terminal]:
    """A console on the migrations."""
    with console(dsn, options=("--pane", "migrations")) as terminal:
        terminal.wait_for("005 .*applied")
        yield terminal


def press(shown: Terminal, key: str, typed: str | None = None) -> None:
    """Press a key once the footer shows it."""
    shown.wait_for(rf"(^| ){re.escape(key)} [^\n]*\Z")
    shown.send(typed or key)


def open_window(shown: Terminal) -> None:
    """Open the write window, with a reason."""
    press(shown, "U")
    shown.wait_for("Reason, at least")
    shown.send(f"{REASON}\r")
    press(shown, "enter take this answer", "\r")
    shown.wait_for("READ-WRITE")


def look_at_plan(shown: Terminal) -> None:
    """The plan of rolling the last migration back."""
    press(shown, "b")
    shown.wait_for("Roll back 005_")


def agree(shown: Terminal) -> None:
    """Type the migration's name, as the screen says."""
    press(shown, "enter go on", "\r")
    shown.wait_for(TYPED)
    found = re.search(TYPED, shown.text)
    assert found
    shown.send(f"{found[1]}\r")


def applied(dsn: str) -> list[str]:
    """The versions that are applied."""
    rows = ask(dsn, "select version from emr_console.migration where apply_order is not null order by 1")
    return [version for (version,) in rows]


def test_without_the_write_window_a_plan_can_only_be_read(shown: Terminal) -> None:
    assert "roll back" not in shown.text
    shown.send("jjj")
    press(shown, "x")
    shown.wait_for("Roll back 005 and 004")
    shown.wait_for("table patients +PHI")
    shown.wait_for("U opens the write window")
    assert "go on" not in shown.text
    shown.resize(40, 24)
    shown.wait_for("needs 60x15")
    shown.resize(80, 24)
    shown.wait_for("table patients +PHI")
    press(shown, "esc", ESC)
    shown.wait_for("005 .*applied")


def in_the_pane(shown: Terminal) -> None:
    """Where the console opens."""


def at_the_name(shown: Terminal) -> None:
    """Where the name has to be typed, with a wrong one in it."""
    look_at_plan(shown)
    press(shown, "enter go on", "\r")
    shown.wait_for("enter go on  esc back")
    shown.send("005")
    shown.wait_for("roll it back: 005")


def at_a_backup(shown: Terminal) -> None:
    """The same, with a backup first."""
    look_at_plan(shown)
    press(shown, "B")
    shown.wait_for("into the folder")


def at_a_row_to_apply(shown: Terminal) -> None:
    """The plan of something pending."""
    shown.send("Gk")
    press(shown, "x")
    shown.wait_for("Apply 006")


STAGES = [in_the_pane, open_window, look_at_plan, at_the_name, at_a_backup, at_a_row_to_apply]
"""What is agreed to at an earlier one, as the write window, holds at the later ones."""


def leave(shown: Terminal) -> None:
    """Back to the pane from wherever fifty enters have led."""
    shown.send(ESC * 3)
    shown.wait_for("005 .*applied")


def test_enter_fifty_times_destroys_nothing(emr: str, shown: Terminal) -> None:
    before = tables(emr), applied(emr)
    for stage in STAGES:
        stage(shown)
        for _ in range(10):
            shown.send("\r")
            shown.read(0.02)
        shown.send("\r" * 40)
        shown.rest(0.2)
        assert (tables(emr), applied(emr)) == before, stage
        leave(shown)
    assert "Traceback" not in shown.text
    assert (tables(emr), applied(emr)) == before
    assert one(emr, "select count(*) from emr_console.run where kind <> 'up'") == 0


def test_one_migration_is_rolled_back_by_keys_that_are_shown(emr: str, shown: Terminal) -> None:
    look_at_plan(shown)
    shown.wait_for("ACCESS EXCLUSIVE")
    agree(shown)
    shown.wait_for("Done: 1 of 1")
    press(shown, "esc", ESC)
    shown.wait_for("4 of . applied")
    shown.wait_for("005 .*pending")
    press(shown, "a")
    shown.wait_for("Apply 005_")
    press(shown, "enter go on", "\r")
    shown.wait_for("The schema is changed")
    press(shown, "y")
    shown.wait_for("Done: 1 of 1")
    press(shown, "esc", ESC)
    shown.wait_for("005 .*● applied")
    assert applied(emr) == ["001", "002", "003", "004", "005"]
    assert one(emr, "select reason from emr_console.run where kind = 'down'") == REASON


Other = psycopg.Connection
"""Somebody else, who is in the way."""


def type_wrong_names(shown: Terminal) -> None:
    """None of them is taken for the migration's."""
    look_at_plan(shown)
    press(shown, "enter go on", "\r")
    shown.wait_for("enter go on  esc back")
    shown.send("\r")
    shown.wait_for("The name is needed")
    shown.send("004_add_patients_table\r")
    shown.wait_for("not the name, letter by letter")
    press(shown, "esc back", ESC)
    shown.wait_for("005 .*applied")


def meet_another_run(shown: Terminal, other: Other) -> None:
    """Somebody else's lock of the engine is not passed over."""
    other.execute("select pg_advisory_lock(1162695216, 1)")
    look_at_plan(shown)
    agree(shown)
    shown.wait_for(rf"session\s+{other.info.backend_pid}\)\s+runs\s+the\s+migration\s+engine")
    shown.wait_for("ended with 10, locked")
    go_back(shown)
    other.execute("select pg_advisory_unlock_all()")


def stop_waiting(shown: Terminal, other: Other) -> None:
    """Who is in the way is said, and the run can be stopped."""
    look_at_plan(shown)
    shown.wait_for(f"held now by +session {other.info.backend_pid}")
    agree(shown)
    shown.wait_for(rf"in\s+the\s+way:\s+session\s+{other.info.backend_pid}")
    shown.send(ESC)
    shown.wait_for("It is still running")
    press(shown, "C")
    shown.wait_for("Stop: Rolling back 005")
    press(shown, "y")
    shown.wait_for("Interrupted")
    shown.wait_for("was rolled back; nothing of it was changed")
    go_back(shown)


def go_back(shown: Terminal) -> None:
    """From the end of a run to its plan, and to the pane."""
    press(shown, "esc", ESC)
    shown.wait_for("Roll back 005_")
    press(shown, "esc", ESC)
    shown.wait_for("005 .*applied")


def test_what_comes_between_leaves_nothing_half_done(emr: str, shown: Terminal) -> None:
    with psycopg.connect(emr) as other:
        type_wrong_names(shown)
        meet_another_run(shown, other)
        assert applied(emr) == ["001", "002", "003", "004", "005"]
        other.execute("lock table audit_logs in access share mode")
        stop_waiting(shown, other)
    assert applied(emr) == ["001", "002", "003", "004", "005"]


def cut(dsn: str, shown: Terminal, sign: signal.Signals) -> None:
    """A line that is cut amid a run gives the terminal back, and ends the run."""
    with psycopg.connect(dsn) as other:
        other.execute("lock table audit_logs in access share mode")
        look_at_plan(shown)
        agree(shown)
        shown.wait_for(r"in\s+the\s+way:")
        ended(shown, sign)
    assert "Traceback" not in shown.text
    assert applied(dsn) == ["001", "002", "003", "004", "005"]
    assert ask(dsn, "select pid from pg_locks where locktype = 'advisory'") == []


def test_a_line_that_is_cut_ends_the_run(emr: str, shown: Terminal) -> None:
    cut(emr, shown, signal.SIGHUP)


@pytest.mark.long  # test_console.py has it at rest
def test_a_signal_ends_it_too(emr: str) -> None:
    with opened(emr) as shown:
        open_window(shown)
        cut(emr, shown, signal.SIGTERM)
