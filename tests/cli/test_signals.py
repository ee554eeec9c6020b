"""Ctrl-C, kill and a cut line: the statement is cancelled on the server, and where things stand is said."""

import json
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest

from console.demo.process import until
from console.errors import Exit
from console.migrate import lock
from tests.cli.conftest import Cli
from tests.migrate.working import one, tables, write
from tests.terminal import PATIENCE, Terminal

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def others_at_length(first: signal.Signals) -> pytest.MarkDecorator:
    """Every signal, of which one handler hears all: each is heard by default somewhere here, repeated at length."""
    others = [pytest.param(sign, marks=pytest.mark.long) for sign in SIGNALS if sign is not first]
    return pytest.mark.parametrize("sign", [first, *others], ids=lambda sign: sign.name)


def asleep(dsn: str) -> int:
    """Sessions that still run the long statement."""
    return int(one(dsn, "select count(*) from pg_stat_activity where state = 'active' and wait_event = 'PgSleep'"))


@contextmanager
def running(command: list[str]) -> Iterator[subprocess.Popen[str]]:
    """A process with pipes; killed at the end if it is still there."""
    with subprocess.Popen(command, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        try:
            yield process
        finally:
            process.kill()


def event(process: subprocess.Popen[str], kind: str, version: str, statement: int) -> None:
    """Read to the event that a statement begins."""
    assert process.stdout is not None
    for line in process.stdout:
        found = json.loads(line)
        if (found["event"], found["version"], found["statement"]) == (kind, version, statement):
            return
    pytest.fail("the run ended before that statement")


def rest(process: subprocess.Popen[str]) -> tuple[list[Any], str]:
    """The objects that are still to come, and what was said."""
    assert process.stdout is not None
    assert process.stderr is not None
    objects = [json.loads(line) for line in process.stdout]
    return objects, process.stderr.read()


@others_at_length(signal.SIGINT)
def test_up_is_rolled_back(cli: Cli, sign: signal.Signals) -> None:
    write(cli.folder, "002_second", up="create table second (id int); select pg_sleep(600)")
    with running(cli.command("up", "--yes", "--json")) as process:
        event(process, "statement", "002", 2)
        process.send_signal(sign)
        objects, said = rest(process)
    assert process.returncode == Exit.INTERRUPTED
    result = objects[-1]
    assert (result["event"], result["done"], result["not_started"], result["exit"]) == ("result", ["001"], ["002"], 130)
    assert "rolled back" in result["error"]["state"]
    assert "Interrupted. 002" in said
    assert "What came before it stays." in said
    assert tables(cli.dsn) == ["first"]
    assert asleep(cli.dsn) == 0
    assert one(cli.dsn, "select outcome from emr_console.run") == "interrupted"


@others_at_length(signal.SIGTERM)
def test_down_is_rolled_back(cli: Cli, sign: signal.Signals) -> None:
    write(
        cli.folder, "002_second", up="create table second as select 2", down="drop table second; select pg_sleep(600)"
    )
    cli("up", "--yes")
    with running(cli.command("down", "--last", "--yes", "--reason", "for a test", "--json")) as process:
        event(process, "statement", "002", 2)
        process.send_signal(sign)
        objects, said = rest(process)
    assert (process.returncode, objects[-1]["exit"]) == (Exit.INTERRUPTED, Exit.INTERRUPTED)
    assert "Interrupted. 002" in said
    assert tables(cli.dsn) == ["first", "second"]
    assert asleep(cli.dsn) == 0


def test_on_a_terminal_the_time_is_told_until_then(cli: Cli) -> None:
    write(cli.folder, "002_second", up="create table second (id int);\nselect pg_sleep(600)")
    with Terminal(cli.command("up", "--yes"), columns=100) as terminal:
        terminal.wait_for(r"^  statement 2 of 2, line 2, \d+ s")
        told = terminal.text
        terminal.wait_without(re.escape(told.rstrip()))
        terminal.wait_for(r"^  statement 2 of 2, line 2, \d+ s")
        terminal.process.send_signal(signal.SIGINT)
        assert terminal.wait() == Exit.INTERRUPTED
        assert "statement 2 of 2" not in terminal.text
        assert "What came before it stays." in terminal.text.replace("\n", "")
    assert tables(cli.dsn) == ["first"]


@others_at_length(signal.SIGHUP)
@pytest.mark.parametrize(
    ("words", "question"),
    [
        pytest.param(("migrate", "up"), "Go on?", marks=pytest.mark.long),
        (("migrate", "down", "--last"), "Type 001_first to go on:"),
        (("roles", "apply"), "Go on?"),
    ],
    ids=lambda words: words if isinstance(words, str) else words[1],
)
def test_at_a_question_nothing_was_changed(
    cli: Cli, words: tuple[str, ...], question: str, sign: signal.Signals
) -> None:
    cli("up", "--yes", "--to", "001")
    folder = ["--migrations", str(cli.folder)] if words[0] == "migrate" else []
    command = [sys.executable, "-m", "console", "--dsn", cli.dsn, *words, *folder]
    with Terminal(command, columns=200) as terminal:
        terminal.wait_for(question.replace("?", r"\?"))
        terminal.process.send_signal(sign)
        assert terminal.wait() == Exit.INTERRUPTED
        assert "\nemr-console: Interrupted. Nothing was changed." in terminal.text
    assert tables(cli.dsn) == ["first"]


@others_at_length(signal.SIGINT)
async def test_while_somebody_else_migrates_nothing_was_changed(cli: Cli, sign: signal.Signals) -> None:
    with psycopg.connect(cli.dsn, autocommit=True) as holder:
        holder.execute("select pg_advisory_lock(%s, %s)", (lock.KEY["space"], lock.KEY["key"]))
        with running(cli.command("up", "--yes", "--lock-wait", "600", "--json")) as process:
            await until(lambda: connected(holder), PATIENCE)
            process.send_signal(sign)
            objects, said = rest(process)
    assert process.returncode == Exit.INTERRUPTED
    assert objects == [{"error": {"code": 130, "message": "Interrupted."} | objects[0]["error"]}]
    assert "Interrupted. Nothing was changed." in said
    assert tables(cli.dsn) == []


def connected(holder: psycopg.Connection) -> bool:
    """Whether the migration engine has a session."""
    asked = "select from pg_stat_activity where application_name like 'emr-console:migrate%'"
    return holder.execute(asked).rowcount > 0
