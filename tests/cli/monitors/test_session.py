"""`emr-console session` as scripts and people use it."""

import json
import os
import re
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from console.cli.main import run
from console.errors import Exit
from console.services.signalling import service
from tests.cli.person import at_a_terminal
from tests.migrate.working import one

WHY = ("--reason", "stuck since noon")


class Cli:
    """Runs the command on one database, in this process; and the session that it hits."""

    def __init__(self, dsn: str, victim: psycopg.Connection, capsys: pytest.CaptureFixture[str]) -> None:
        self.dsn = dsn
        self.victim = victim
        self.pid = victim.info.backend_pid
        self._capsys = capsys
        self.err = ""
        """What the last command said on stderr."""

    def __call__(self, *words: str) -> tuple[int, str]:
        """Exit code and stdout."""
        code = run(["--dsn", self.dsn, *words])
        out, self.err = self._capsys.readouterr()
        return code, out

    def json(self, *words: str) -> tuple[int, dict[str, Any]]:
        """Exit code and the object on stdout."""
        code, out = self(*words, "--json")
        return code, json.loads(out)

    @property
    def started(self) -> str:
        """The session's backend_start as `sessions` tells it."""
        _, told = self.json("sessions")
        return str(next(row["backend_start"] for row in told["rows"] if row["pid"] == self.pid))

    @property
    def alive(self) -> bool:
        """Whether the session is still there."""
        return bool(one(self.dsn, f"select count(*) from pg_stat_activity where pid = {self.pid}"))

    @property
    def outcomes(self) -> list[str]:
        """What was recorded, the oldest first."""
        query = "select coalesce(jsonb_agg(detail->>'outcome' order by id), '[]') from emr_console.event"
        return list(one(self.dsn, f"{query} where kind = 'session.terminate'"))


@pytest.fixture
def cli(pg18_migrated: str, home: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Cli]:
    victim = psycopg.connect(pg18_migrated, autocommit=True, application_name="victim")
    yield Cli(pg18_migrated, victim, capsys)
    victim.close()


def test_a_script_that_knows_when_it_connected(cli: Cli) -> None:
    code, told = cli.json("session", "terminate", str(cli.pid), "--started", cli.started, "--yes", *WHY)
    assert (code, told["action"], told["pid"], told["gone"], told["recorded"]) == (
        0, "terminate", cli.pid, True, "emr_console.event",
    )  # fmt: skip
    assert not cli.alive
    assert cli.outcomes == ["gone"]
    assert one(cli.dsn, "select detail->>'reason' from emr_console.event where kind like 'session%'") == WHY[1]


def test_nobody_is_hit_by_a_bare_number(cli: Cli) -> None:
    for words in (("--yes",), (), WHY, ("--started", "2020-01-01T00:00:00Z")):
        code, _ = cli("session", "terminate", str(cli.pid), *words)
        assert code == (Exit.REFUSED if "--started" in words else Exit.USAGE)
        assert cli.alive
    assert cli.outcomes == []


def test_another_session_by_now_is_left_alone(cli: Cli) -> None:
    started = cli.started
    a_moment_before = f"{started[:-4]}{(int(started[-4:-1]) + 1) % 1000:03}Z"
    code, told = cli.json("session", "terminate", str(cli.pid), "--started", a_moment_before, "--yes", *WHY)
    assert (code, "is another one" in told["error"]["message"], cli.alive) == (Exit.REFUSED, True, True)


def test_what_cannot_be_done_is_said(cli: Cli) -> None:
    code, told = cli.json("session", "cancel", str(cli.pid), "--started", cli.started, "--yes", *WHY)
    assert (code, told["error"]["state"]) == (Exit.REFUSED, "Nothing was signalled.")
    assert "runs no statement" in told["error"]["message"]
    assert told["error"]["hint"] == f"emr-console session terminate {cli.pid} ends the session itself."
    code, _ = cli("session", "cancel", "2147483647", "--started", cli.started, "--yes", *WHY)
    assert code == Exit.REFUSED
    for wrong in ("0", "x", "99999999999"):
        assert cli("session", "cancel", wrong)[0] == Exit.USAGE
    assert cli("session", "cancel", "1", "--started", "noon")[0] == Exit.USAGE


def test_one_that_goes_on_ends_with_31(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "PATIENCE", 0.1)
    started = cli.started
    os.kill(cli.pid, signal.SIGSTOP)
    try:
        code, told = cli.json("session", "terminate", str(cli.pid), "--started", started, "--yes", *WHY)
    finally:
        os.kill(cli.pid, signal.SIGCONT)
    assert (code, told["gone"]) == (Exit.TIMED_OUT, False)


def test_a_person_sees_whom_it_hits_and_is_asked(cli: Cli) -> None:
    cli.victim.execute("begin")
    cli.victim.execute("select 'John Doe'")
    command = ("session", "terminate", str(cli.pid))
    with at_a_terminal({"Go on? [y/N] ": "n"}) as screen:
        assert cli(*command)[0] == Exit.REFUSED
    assert "select ?" in screen.text
    assert "Doe" not in screen.text
    assert cli.alive
    with at_a_terminal({"rolls back. Go on? [y/N] ": "y", "Why, for the record: ": "stuck since noon"}) as screen:
        assert cli(*command)[0] == 0
    assert re.search(r"transaction \(open for \d+ s, has not written\) rolls back\. Go on", screen.text)
    assert "victim: it is gone." in screen.text
    assert not cli.alive
