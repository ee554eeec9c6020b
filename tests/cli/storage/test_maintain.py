"""`emr-console maintain`: one object for scripts, exit codes for cron, and --confirm before rows go on production."""

import json
from pathlib import Path
from typing import Any

import pytest

from console.cli.main import run
from console.errors import Exit
from tests.migrate.working import ask, one
from tests.services.maintain.working import make_weeks, write

OLD = -8 * 366
"""Days: older than any seven years."""


@pytest.fixture
def production(pg18_migrated: str) -> str:
    """A database that calls itself production, with a week that may go."""
    make_weeks(pg18_migrated, [OLD])
    write(pg18_migrated, [OLD])
    ask(pg18_migrated, f"alter database {name(pg18_migrated)} set emr.environment = 'production'")
    return pg18_migrated


def name(dsn: str) -> str:
    return str(one(dsn, "select current_database()"))


def answered(capsys: pytest.CaptureFixture[str], dsn: str, *words: str) -> dict[str, Any]:
    """What it prints, and that it ends with the exit code that it prints."""
    code = run(["--dsn", dsn, "maintain", "--json", *words])
    answer: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert answer.get("exit", code) == code
    return answer


def test_one_object(pg18_migrated: str, capsys: pytest.CaptureFixture[str]) -> None:
    write(pg18_migrated, [-400])
    looked = answered(capsys, pg18_migrated, "--dry-run")
    assert (looked["dry_run"], looked["flavour"], looked["exit"]) == (True, "plain", 0)
    done = answered(capsys, pg18_migrated)
    first = done["rows"][0]
    assert (first["step"], first["outcome"], first["moved"]["audit_logs"]) == ("partitions", "done", 1)
    assert {"step", "target", "outcome", "message", "sql", "seconds"} <= first.keys()


def test_what_failed_is_more_than_what_was_found(production: str, capsys: pytest.CaptureFixture[str]) -> None:
    write(production, [OLD - 100])
    assert answered(capsys, production)["exit"] == Exit.REFUSED
    found = answered(capsys, production, "--confirm", name(production))
    assert (found["exit"], found["rows"][0]["outcome"]) == (Exit.FINDINGS, "nothing")


def test_weeks_go_on_production_only_where_the_database_is_named(
    production: str, capsys: pytest.CaptureFixture[str], home: Path
) -> None:
    refused = answered(capsys, production)
    said = {row["target"]: row for row in refused["rows"] if row["step"] == "retire"}["public.audit_logs"]
    assert (refused["exit"], said["outcome"]) == (Exit.REFUSED, "refused")
    assert f"--confirm {name(production)}" in said["message"]
    assert {row["outcome"] for row in refused["rows"] if row["step"] == "refresh"} == {"done"}
    other = answered(capsys, production, "--confirm", "another")
    assert other["error"]["code"] == Exit.REFUSED
    assert one(production, "select count(*) from audit_logs") == 1
    assert answered(capsys, production, "--confirm", name(production))["exit"] == 0
    assert one(production, "select count(*) from audit_logs") == 0


def test_holds_from_the_command_line(pg18_migrated: str, capsys: pytest.CaptureFixture[str], home: Path) -> None:
    def retention(*words: str) -> int:
        return run(["--dsn", pg18_migrated, "retention", *words])

    why = ("--reason", "a subpoena")
    assert retention("hold", "audit_logs", *why) == Exit.USAGE  # nobody could say yes
    assert retention("hold", "audit_logs", "--yes", "--json", *why) == 0
    placed = json.loads(capsys.readouterr().out)
    assert placed == {"table": "public.audit_logs", "name": "legal hold", "outcome": "held", "jobs": [], "running": [],
                      "others": []}  # fmt: skip
    assert retention("hold", "audit_logs", "--yes", *why) == Exit.REFUSED
    assert retention("release", "audit_logs", "--yes", "--reason", "case closed") == 0
    assert 'The hold "legal hold" on public.audit_logs is released.' in capsys.readouterr().err
    assert retention("release", "audit_logs", "--yes", *why) == Exit.USAGE
    assert retention("hold", "nothing_here", "--yes", *why) == Exit.USAGE
