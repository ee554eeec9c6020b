"""`emr-console backfill` as scripts and people use it."""

import json
import signal
import sys
from pathlib import Path
from typing import Any

import psycopg
import pytest

from console.cli.main import run
from console.errors import Exit
from tests.cli.person import at_a_terminal
from tests.migrate.working import ask, one
from tests.services.backfill.working import furnish
from tests.terminal import Terminal

COUNTS = {"matched", "deleted", "unmatched", "ambiguous", "locked", "remaining", "batches", "last_id"}
AGREED = ("--yes", "--reason", "for a test")


class Cli:
    """Runs the command on one database, in this process."""

    def __init__(self, dsn: str, capsys: pytest.CaptureFixture[str]) -> None:
        self.dsn = dsn
        self._capsys = capsys
        self.err = ""
        """What the last command said on stderr."""

    def __call__(self, *words: str, before: tuple[str, ...] = ()) -> tuple[int, str]:
        """Exit code and stdout."""
        code = run([*before, "--dsn", self.dsn, "backfill", *words])
        out, self.err = self._capsys.readouterr()
        return code, out

    def json(self, *words: str) -> tuple[int, list[Any]]:
        """Exit code and the objects on stdout."""
        code, out = self(*words, "--json")
        return code, [json.loads(line) for line in out.splitlines()]

    def command(self, *words: str) -> list[str]:
        """The same as a process of its own."""
        return [sys.executable, "-m", "console", "--dsn", self.dsn, "backfill", *words]


@pytest.fixture
def cli(pg18_migrated: str, home: Path, capsys: pytest.CaptureFixture[str]) -> Cli:
    with psycopg.connect(pg18_migrated, autocommit=True) as connection:
        furnish(connection)
    return Cli(pg18_migrated, capsys)


def filled(cli: Cli) -> int:
    return int(one(cli.dsn, "select count(patient_uuid) from tasks"))


def test_json_lines(cli: Cli) -> None:
    code, (progress, result) = cli.json(*AGREED)
    assert (code, result["exit"], result["error"]) == (0, 0, None)
    assert (progress["event"], result["event"], result["dry_run"]) == ("progress", "result", False)
    assert progress.keys() == COUNTS | {"event", "elapsed"}
    assert result.keys() == COUNTS | {"event", "dry_run", "seconds", "error", "exit"}
    assert (result["matched"], result["remaining"], result["batches"]) == (100, 0, 1)
    assert result["last_id"] == str(one(cli.dsn, "select id from tasks order by id desc limit 1"))
    code, (found,) = cli.json()
    assert (code, found["remaining"], found["batches"]) == (0, 0, 0), "nothing to do asks nothing"


def test_for_people(cli: Cli) -> None:
    code, out = cli(*AGREED)
    assert code == 0
    assert out.splitlines() == [
        "what\ttasks",
        "matched\t100",
        "of them to a deleted patient\t0",
        "unmatched\t0",
        "ambiguous\t0",
        "still locked\t0",
        "without a patient\t0",
    ]
    assert "100 tasks filled in" in cli.err


def test_what_is_left_is_a_finding(cli: Cli) -> None:
    """Also of a dry run, which fills nothing."""
    ask(cli.dsn, "update tasks set patient_id = 'nobody' where patient_id = 'TP1'")
    code, (found,) = cli.json("--dry-run")
    assert code == Exit.FINDINGS
    assert found == {"event": "result", "dry_run": True, "matched": 90, "deleted": 0, "unmatched": 10, "ambiguous": 0}
    assert cli("--dry-run")[1].splitlines()[1] == "matched\t90"
    assert filled(cli) == 0
    code, objects = cli.json(*AGREED)
    assert code == objects[-1]["exit"] == Exit.FINDINGS
    assert (objects[-1]["unmatched"], objects[-1]["remaining"]) == (10, 10)
    assert "see emr-console patients import" in cli.err


def test_the_tasks_are_named_only_when_asked(cli: Cli) -> None:
    ask(cli.dsn, "update tasks set patient_id = 'nobody' where id = (select id from tasks limit 1)")
    name = str(one(cli.dsn, "select id from tasks where patient_id = 'nobody'"))
    cli(*AGREED)
    assert name not in cli.err
    cli(*AGREED, before=("--verbose",))
    assert f"Task {name} has no patient." in cli.err
    assert "nobody" not in cli.err


PATIENT = "mrn,first_name,last_name,date_of_birth,emr_system,emr_patient_id\nTEST-n,Test,New,1960-01-01,EPIC,TPn\n"


def test_the_role_of_the_profile(cli: Cli, home: Path) -> None:
    """Who signs in may do nothing but become the role that migrations run under, as which patients come in, too."""
    owner = f"owner_{one(cli.dsn, 'select current_database()')}"
    ask(
        cli.dsn,
        f"create role {owner} nologin bypassrls; grant all on all tables in schema public to {owner};"
        f"create role {owner}_person login password 'geheim' in role {owner} noinherit",
    )
    config, file, secret = home / "config" / "emr-console", home / "patients.csv", home / "pgpass"
    config.mkdir(parents=True)
    secret.write_text("*:*:*:*:geheim\n")
    secret.chmod(0o600)
    dsn = psycopg.conninfo.make_conninfo(cli.dsn, user=f"{owner}_person", passfile=str(secret))
    profiles = [f'[profiles.{name}]\ndsn = "{dsn}"\n' for name in ("plain", "owner")]
    (config / "config.toml").write_text("".join([*profiles, f'migrate.role = "{owner}"\n']))
    file.write_text(PATIENT)
    ask(cli.dsn, "update tasks set patient_id = 'TPn' where patient_id = 'TP1'")
    steps = [["patients", "import", str(file), *AGREED], ["backfill", "--dry-run"], ["backfill", *AGREED]]
    try:
        assert [run(["--profile", "plain", *step]) for step in steps] == [Exit.REFUSED] * 3
        assert [run(["--profile", "owner", *step]) for step in steps] == [Exit.OK] * 3
        said = "select distinct metadata ->> 'session_user' from audit_logs where metadata ->> 'stage' = 'ended'"
        assert ask(cli.dsn, said) == [(f"{owner}_person",)]
        assert filled(cli) == 100
    finally:
        ask(cli.dsn, f"drop owned by {owner}; drop role {owner}_person; drop role {owner}")


def test_what_it_needs_without_a_terminal(cli: Cli) -> None:
    for words, hint in (
        ((), "--yes and --reason TEXT"),
        (("--yes",), "--reason TEXT"),
        (("--reason", "for a test"), "--yes"),
    ):
        code, (found,) = cli.json(*words)
        assert code == found["error"]["code"] == Exit.USAGE
        assert found["error"]["hint"] == f"Add {hint}."
    assert filled(cli) == 0


def test_numbers_that_are_none(cli: Cli) -> None:
    for words in (("--batch", "0"), ("--batch", "1e3"), ("--rate", "0"), ("--max-lag", "nan")):
        assert cli(*words, *AGREED)[0] == Exit.USAGE, words
    assert filled(cli) == 0


def test_another_one_runs(cli: Cli) -> None:
    with psycopg.connect(cli.dsn, autocommit=True, application_name="emr-console:backfill:ana@ward-7") as other:
        other.execute("select pg_advisory_lock(1162695216, 2)")
        code, (found,) = cli.json(*AGREED)
    assert code == found["exit"] == Exit.LOCKED
    assert found["error"]["message"].startswith("ana@ward-7 is running a backfill here (session ")
    assert found["error"]["state"] == "Nothing was changed."


def test_a_question_on_a_terminal(cli: Cli) -> None:
    asked = "this fills tasks.patient_uuid, empty in 100 tasks, 500 at a time. Go on? [y/N] "
    with at_a_terminal({asked: "y", "Why, for the record: ": "the import is done"}):
        assert cli()[0] == 0
    assert one(cli.dsn, "select distinct metadata ->> 'reason' from audit_logs where entity_type = 'TASK'") == (
        "the import is done"
    )
    assert filled(cli) == 100


def test_no_on_a_terminal(cli: Cli) -> None:
    with at_a_terminal({"Go on? [y/N] ": ""}):
        assert cli()[0] == Exit.REFUSED
    assert filled(cli) == 0


def test_ctrl_c_keeps_what_is_done(cli: Cli) -> None:
    with Terminal(cli.command(*AGREED, "--batch", "5", "--rate", "5"), columns=200) as terminal:
        terminal.wait_for(r"tasks: [1-9]\d* of 100 rows")
        terminal.process.send_signal(signal.SIGINT)
        assert terminal.wait() == Exit.INTERRUPTED
        assert "The backfill was interrupted." in terminal.text
        assert f"Tasks that were filled stay so: {filled(cli)}. Start it again" in terminal.text
    assert one(cli.dsn, "select count(*) from audit_logs where metadata ->> 'stage' = 'stopped'") == 1
    assert cli(*AGREED)[0] == 0
    assert filled(cli) == 100
