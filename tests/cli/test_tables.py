"""Tables for people on terminals: one line a row, key columns whole, and what found no room is named."""

import sys
from collections.abc import Iterator

import psycopg
import pytest

from console.cli import output
from console.cli.columns import Column
from console.cli.drawing import draw
from console.cli.main import run
from console.demo.server import Cluster
from tests.cli.person import at_a_terminal
from tests.fixtures.databases import fresh
from tests.migrate.working import ask, write_tables
from tests.terminal import Terminal

STATEMENT = "select pg_sleep(0),\n       'a second line' as \"" + "wide " * 12 + '"'


def shown(dsn: str, *words: str, columns: int) -> list[str]:
    """The lines of a command's answer on a terminal of that width, blank ones left out."""
    command = [sys.executable, "-m", "console", "--dsn", dsn, *words]
    with Terminal(command, columns=columns, lines=400) as terminal:
        terminal.wait()
        return [line for line in terminal.text.splitlines() if line]


def drawn(dsn: str, *words: str, columns: object, encoding: str = "utf-8") -> list[str]:
    """The same by a call, where COLUMNS alone tells how wide it is."""
    with at_a_terminal(columns=columns, encoding=encoding) as screen:
        run(["--dsn", dsn, *words])
    return [line.rstrip() for line in screen.text.splitlines() if line.strip()]


NAMES = ["initial_schema", "add_audit_logs", "add_vector_clocks", "add_patients_table", "statistics"]
STANDING = [[f"{number:03}", name, "applied"] for number, name in enumerate(NAMES, 1)]


@pytest.fixture(scope="module")
def applied(pg18: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, ...]]:
    """A database with five migrations, and the words that ask where they stand."""
    migrations = tmp_path_factory.mktemp("migrations")
    write_tables(migrations, *NAMES)
    folder = ("--migrations", str(migrations))
    with fresh(pg18) as dsn:
        assert run(["--quiet", "--dsn", dsn, "migrate", "up", "--yes", *folder]) == 0
        yield dsn, "migrate", "status", *folder


@pytest.mark.parametrize(
    ("columns", "note"),
    [
        (50, "No room for applied (UTC), took, by, flavour:"),
        (80, "No room for took, flavour:"),
        (120, None),
    ],
)
def test_where_every_migration_stands(applied: tuple[str, ...], columns: int, note: str | None) -> None:
    lines = drawn(*applied, columns=columns)
    assert [line.split()[:3] for line in lines[2:7]] == STANDING
    assert " ".join(lines[7:]).startswith(note or "5 of 5 applied")


def test_the_terminal_itself_says_how_wide_it_is(applied: tuple[str, ...]) -> None:
    lines = shown(*applied, columns=50)
    assert [line.split()[:3] for line in lines[2:7]] == STANDING
    assert " ".join(lines[7:]).startswith("No room for applied (UTC), took, by, flavour:")


@pytest.fixture
def busy(pg18_migrated: str) -> Iterator[tuple[str, int]]:
    """A database, and a session in it that calls itself something long and ran a statement of two lines."""
    with psycopg.connect(pg18_migrated, application_name="emr-integration-gateway-of-ward-7") as other:
        other.execute(STATEMENT)
        yield pg18_migrated, other.info.backend_pid


def test_a_session_is_one_line(busy: tuple[str, int]) -> None:
    dsn, pid = busy
    for columns in (50, 80, 120):
        lines = drawn(dsn, "sessions", columns=columns)
        (line,) = [line for line in lines if str(pid) in line]
        assert lines[0].split()[0] == "pid"
        assert "idle in transaction" in line
        assert ("select pg_sleep" in line) == (columns > 50)
        assert ("postgres" in line and "emr-integr" in line) == (columns > 50)
        assert len(line) <= columns


@pytest.mark.parametrize("columns", ["0", "-3", "1", "nonsense", "1000000", ""])
def test_an_absurd_width_breaks_nothing(columns: str) -> None:
    rows = [[*row, "2026-03-14 12:00"] for row in STANDING]
    with at_a_terminal(columns=columns) as screen:
        output.table("Migrations", ("version", "name", "state", Column("applied (UTC)", 2)), rows)
    assert [line.split()[:3] for line in screen.text.splitlines()[3:8]] == STANDING


def test_statements_to_be_confirmed_are_never_cut(pg18_migrated: str) -> None:
    for columns in (50, 80, 120):
        text = " ".join(line[:columns] for line in drawn(pg18_migrated, "roles", "plan", columns=columns))
        assert "…" not in text.split("why")[0]
        for word in ("audit_log_details", "audit_trigger_func()", '"last_login"'):
            assert word in text


def test_a_check_that_does_not_hold_is_told_in_full(pg18_migrated: str) -> None:
    ask(pg18_migrated, "alter table shifts alter column is_active drop not null")
    lines = drawn(pg18_migrated, "migrate", "verify", columns=80)
    assert all(line[:4] in ("001.", "002.", "003.", "004.", "005.") for line in lines[2:100])
    told = "".join(lines)
    assert "001.3 does not hold: columns of shifts (expected id uuid not null, department_id uuid" in told
    assert "is_active boolean, created_at" in told


def test_without_a_terminal_nothing_is_cut(capsys: pytest.CaptureFixture[str]) -> None:
    output.table("", ("pid", Column("statement", 2, least=10)), [["1", "x" * 5_000 + "\n\ty"]])
    assert capsys.readouterr().out == "pid\tstatement\n1\t" + "x" * 5_000 + "⏎⇥y\n"


def test_numbers_end_in_one_line(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    draw("Rows", [Column("table"), Column("rows", right=True)], [["tasks", "7"], ["patients", "1,204"]])
    lines = capsys.readouterr().out.splitlines()
    assert [line.rstrip() for line in lines] == [
        "Rows", "table      rows", "───────────────", "tasks         7", "patients  1,204",
    ]  # fmt: skip


def test_wide_characters_count_twice(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "12")
    draw("", [Column("no"), Column("name", 2, least=4)], [["1", "東京都庁舎"], ["2", "ward"]])
    assert [line.rstrip() for line in capsys.readouterr().out.splitlines()][2:] == ["1   東京都 …", "2   ward"]


def test_a_terminal_without_unicode_gets_ascii(pg18_migrated: str) -> None:
    lines = drawn(pg18_migrated, "sessions", columns=60, encoding="ascii")
    assert lines[0].split()[0] == "pid"
    assert not any("\\u" in line for line in lines)
