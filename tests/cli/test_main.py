"""The command line itself: options in their place, errors in three parts, readers who leave, signals."""

import errno
import io
import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from console.cli.main import COMMANDS, SHARED, build_parser, misplaced, run
from console.errors import Exit
from tests.cli.conftest import Cli
from tests.migrate.working import one, tables, write


def test_shared_options_are_those_that_the_parser_has() -> None:
    parser = build_parser()
    taken = {
        option: f" {action.metavar}" if action.metavar else ""
        for action in parser._actions
        for option in action.option_strings
        if option.startswith("--") and option not in ("--help", "--version")
    }
    assert taken == SHARED


def test_a_run_builds_only_the_commands_that_its_words_name() -> None:
    (commands,) = (each for each in build_parser(["--quiet", "migrate", "up"])._actions if each.choices)
    assert list(commands.choices or ()) == ["migrate"]


def test_every_command_is_in_the_module_that_is_named_for_it() -> None:
    (commands,) = (each for each in build_parser()._actions if each.choices)
    assert list(commands.choices or ()) == list(COMMANDS)
    for name in COMMANDS:
        (found,) = (each for each in build_parser([name])._actions if each.choices)
        assert name in (found.choices or ())


@pytest.mark.parametrize("words", ["--help", "-h sessions", "--profile sessions --help"])
def test_help_of_the_whole_lists_every_command_whatever_else_was_typed(
    words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match=r"^0$"):
        run(words.split())
    assert capsys.readouterr().out == build_parser().format_help()


@pytest.mark.parametrize("words", ["sesions", "--pane migrate sesions"])
def test_a_word_that_is_no_command_is_told_all_of_them(words: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(words.split()) == Exit.USAGE
    said = capsys.readouterr().err
    assert [name for name in COMMANDS if f"'{name}'" not in said] == []


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        ("sessions --dsn host=db1", "--dsn stands before the command: emr-console --dsn DSN sessions."),
        ("sessions --json --dsn=host=db1", "--dsn stands before the command: emr-console --dsn DSN sessions."),
        ("migrate --dsn x status", "--dsn stands before the command: emr-console --dsn DSN migrate status."),
        (
            "--quiet roles plan --profile ward --pane x",
            "--profile and --pane stand before the command: emr-console --quiet --profile NAME --pane NAME roles plan.",
        ),
        ("sessions --jason", "See emr-console sessions --help."),
        ("--dsn x sessions extra", "See emr-console sessions --help."),
    ],
)
def test_where_shared_options_stand(words: str, hint: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(words.split()) == Exit.USAGE
    assert capsys.readouterr().err.endswith(f" Nothing was done. {hint}\n")


def test_what_was_typed_as_a_value_is_not_repeated() -> None:
    assert "secret" not in misplaced(["sessions", "--dsn", "secret"])
    assert "secret" not in misplaced(["migrate", "up", "--reason", "secret", "--dsn=secret"])


@pytest.mark.parametrize(
    "words",
    ["--dsn a --profile b sessions", "--profile nowhere sessions", "--dsn port=none sessions", "--dsn =x sessions"],
)
def test_a_wrong_configuration_says_what_and_where_it_stands_and_what_next(
    words: str, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(words.split()) == Exit.USAGE
    message, between, hint = capsys.readouterr().err.partition(" Nothing was done. ")
    assert message
    assert between
    assert hint.strip()


def left_alone(command: list[str], *, said_too: bool = False) -> tuple[int, str]:
    """Exit code and stderr of a process whose stdout nobody reads; with `said_too` its stderr goes there as well."""
    reader, writer = os.pipe()
    os.close(reader)
    try:
        stderr = writer if said_too else subprocess.PIPE
        done = subprocess.run(command, stdout=writer, stderr=stderr, text=True, check=False)
    finally:
        os.close(writer)
    return done.returncode, done.stderr or ""


@pytest.mark.parametrize(
    "words",
    [
        ("sessions", "--json"),
        # Whatever is written goes through the same lines of `output`.
        pytest.param(("migrate", "status"), marks=pytest.mark.long),
        pytest.param(("migrate", "status", "--json"), marks=pytest.mark.long),
        pytest.param(("sessions",), marks=pytest.mark.long),
        pytest.param(("roles", "plan"), marks=pytest.mark.long),
        pytest.param(("roles", "plan", "--json"), marks=pytest.mark.long),
    ],
    ids=" ".join,
)
def test_a_reader_who_has_left_is_no_error(pg18_database: str, words: tuple[str, ...]) -> None:
    command = [sys.executable, "-m", "console", "--quiet", "--dsn", pg18_database, *words]
    assert left_alone(command) == (Exit.OK, "")


@pytest.mark.parametrize(
    ("words", "said_too"),
    [
        ((), True),
        # A reader who leaves in the middle, below, is the harder case of the other three.
        pytest.param((), False, marks=pytest.mark.long),
        pytest.param(("--json",), False, marks=pytest.mark.long),
        pytest.param(("--json",), True, marks=pytest.mark.long),
    ],
)
def test_a_migration_without_a_reader_completes(cli: Cli, words: tuple[str, ...], said_too: bool) -> None:
    assert left_alone(cli.command("up", "--yes", *words), said_too=said_too)[0] == Exit.OK
    assert tables(cli.dsn) == ["first", "second"]


def test_a_migration_whose_reader_leaves_completes(cli: Cli) -> None:
    with subprocess.Popen(cli.command("up", "--yes", "--json"), stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert '"started"' in process.stdout.readline()
        process.stdout.close()
    assert process.returncode == Exit.OK
    assert tables(cli.dsn) == ["first", "second"]


def test_a_failure_is_said_also_when_nobody_reads_the_result(cli: Cli) -> None:
    write(cli.folder, "002_second", up="select nothing")
    code, said = left_alone(cli.command("up", "--yes"))
    assert code == Exit.FAILED
    assert "emr-console: 002_second.up.sql, line 1: The server refused" in said


class Full(io.StringIO):
    """A file on a disk that is full."""

    def flush(self) -> None:
        """Write what was written."""
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.parametrize("how", [(), ("--json",)])
def test_a_migration_whose_report_cannot_be_written_completes(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, how: tuple[str, ...]
) -> None:
    with monkeypatch.context() as here:
        here.setattr(sys, "stdout", Full())
        code, _ = cli("up", "--yes", *how)
    assert code == Exit.OUT_OF_SPACE
    assert "could not be written (No space left on device). The run itself has ended; done: 001, 002." in cli.err
    assert one(cli.dsn, "select outcome from emr_console.run") == "done"
    assert cli("status")[0] == Exit.OK


@pytest.mark.parametrize("stream", [">&-", ">/dev/full"])
def test_a_stdout_that_takes_nothing_is_no_traceback(stream: str) -> None:
    line = f"{shlex.quote(sys.executable)} -m console completion fish {stream}"
    done = subprocess.run(["sh", "-c", line], capture_output=True, text=True)
    assert "Traceback" not in done.stderr
    assert done.returncode == (Exit.OUT_OF_SPACE if "full" in stream else Exit.OK)


def test_a_stdin_that_is_closed_is_no_terminal(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    assert run([]) == run(["demo"]) == Exit.USAGE
    assert cli("up")[0] == Exit.USAGE
    assert "Without a terminal" in cli.err
    assert run(["--dsn", cli.dsn, "roles", "apply"]) == Exit.USAGE


def test_nor_is_a_stdout_that_is_closed(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    for stream in ("stdout", "stderr"):
        monkeypatch.setattr(sys, stream, None)
    assert run([]) == Exit.USAGE
    assert cli("status")[0] == Exit.OK
    assert run(["--dsn", cli.dsn, "locks"]) == Exit.OK


def test_an_argument_that_is_not_utf8(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["audit", "search", "user:a\udcff"]) == 2
    assert "not UTF-8" in capsys.readouterr().err


def test_too_many_words(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["audit", "search", "after-hours", "since:1d"]) == 2
    assert "stands in quotes" in capsys.readouterr().err
