"""`emr-console audit seal` and `audit verify --seals`: what a nightly job sees of them."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from console.cli.main import run
from console.db import operator
from console.errors import Exit
from tests.migrate.working import ask
from tests.services.audit.logging import event, write

pytestmark = pytest.mark.usefixtures("home")

NOW = datetime.now(UTC)


@pytest.fixture
def log(pg18_migrated: str) -> str:
    write(pg18_migrated, [event(NOW - timedelta(days=n), emr_patient_id="TP0000626") for n in range(4, 9)])
    return pg18_migrated


def test_sealed_exported_and_verified(log: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "seals.json"
    assert run(["--dsn", log, "audit", "seal", "--export", str(file), "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)["rows"]
    assert [(row["table"], row["days"], row["rows"]) for row in rows] == [
        ("audit_logs", rows[0]["number"], 5), ("audit_log_details", 0, 0),
    ]  # fmt: skip
    assert file.stat().st_mode & 0o777 == 0o600
    assert run(["--dsn", log, "audit", "verify", "--seals", "--against", str(file), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["ok"], told["rows"], told["chains"][0]["head"]) == (True, [], rows[0]["head"])
    assert run(["--dsn", log, "audit", "seal"]) == 0
    assert "audit_logs: 0 days with 0 rows sealed." in capsys.readouterr().err
    assert [kind for (kind,) in ask(log, "select kind from emr_console.event where kind like 'audit%'")] == [
        "audit.seal", "audit.verify",
    ]  # fmt: skip
    assert run(["--dsn", log, "audit", "review", "cadence", "--json"]) == Exit.FINDINGS
    proof = json.loads(capsys.readouterr().out)["seals_verified"]
    assert (proof["outcome"], proof["operator"]) == ("intact", str(operator.current()))


def test_nothing_is_proved_where_nothing_is_sealed(log: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--dsn", log, "audit", "verify", "--seals", "--json"]) == Exit.FINDINGS
    told = capsys.readouterr()
    assert json.loads(told.out)["rows"] == []
    assert "Nothing is sealed, so nothing was proved." in told.err
    outcomes = ask(log, "select detail ->> 'outcome' from emr_console.event where kind = 'audit.verify'")
    assert outcomes == [("nothing sealed",)]


def test_late_is_one_thing_and_changed_another(log: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--dsn", log, "audit", "seal"]) == 0
    write(log, [event(NOW - timedelta(days=6))])
    assert run(["--dsn", log, "audit", "verify", "--seals"]) == Exit.FINDINGS
    assert "Every sealed row is as it was" in capsys.readouterr().out
    with psycopg.connect(log, autocommit=True) as connection:
        connection.execute("set session_replication_role = replica")
        connection.execute("update audit_logs set action = 'VIEW', user_agent = 'x'")
    assert run(["--dsn", log, "audit", "verify", "--seals"]) == Exit.VERIFY_FAILED
    told = capsys.readouterr()
    assert "changed" in told.out
    assert "It is recorded in emr_console.event." in told.err
    outcomes = ask(log, "select detail ->> 'outcome' from emr_console.event where kind = 'audit.verify' order by id")
    assert outcomes == [("late rows",), ("broken",)]
    assert run(["--dsn", log, "audit", "review", "cadence"]) == Exit.FINDINGS
    assert f"by {operator.current()}: broken." in capsys.readouterr().err
    assert "TP0000626" not in told.out + told.err


def test_a_day_that_is_none(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["audit", "review", "--since", "2026-13-01"]) == Exit.USAGE
    assert "Argument --since: 2026-13-01 is no day; write it as 2026-03-14." in capsys.readouterr().err


@pytest.mark.parametrize("words", [[], ["file", "--seals"], ["file", "--against", "other"]])
def test_one_thing_at_a_time(words: list[str]) -> None:
    assert run(["audit", "verify", *words]) == Exit.USAGE


@pytest.mark.parametrize("text", ["", "[]", '{"seals": [{}]}', '{"seals": 7}', "[" * 100_000])
def test_a_file_that_holds_no_seals(tmp_path: Path, text: str, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "seals.json"
    file.write_text(text)
    assert run(["audit", "verify", "--seals", "--against", str(file)]) == Exit.USAGE
    assert "is no file of seals" in capsys.readouterr().err


def test_who_may_not_record_it_has_verified_all_the_same(log: str, capsys: pytest.CaptureFixture[str]) -> None:
    """As on a standby: the proof holds, and stands in the person's own file."""
    assert run(["--dsn", log, "audit", "seal"]) == 0
    ask(log, "create rule nothing as on insert to emr_console.event do instead nothing")
    assert run(["--dsn", log, "audit", "verify", "--seals"]) == 0
    assert "not in emr_console.event" in capsys.readouterr().err


def test_before_the_first_seal(log: str, capsys: pytest.CaptureFixture[str]) -> None:
    ask(log, "drop table emr_console.seal cascade")
    assert run(["--dsn", log, "audit", "verify", "--seals"]) == Exit.UNSUPPORTED
    assert "emr-console audit seal" in capsys.readouterr().err
