"""`emr-console jobs` and `job` without TimescaleDB; with it they are tested beside the service."""

import json
import re

import pytest

from console.cli.main import run
from tests.cli.test_tables import drawn
from tests.migrate.working import ask

EVENT = """
insert into emr_console.event (kind, operator, detail) values
    ('maintain.partitions', 'cron@db1', '{"target": "audit_logs", "outcome": "nothing", "seconds": 2.5}'),
    ('maintain.refresh', 'cron@db1', '{"target": "public.report", "outcome": "failed", "message": "No room."}')
"""


def test_what_maintain_has_done(pg18_migrated: str, capsys: pytest.CaptureFixture[str]) -> None:
    ask(pg18_migrated, EVENT)
    assert run(["--dsn", pg18_migrated, "jobs", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert "unavailable" not in found
    assert (found["flavour"], found["scheduler"], found["causes"], found["missing"]) == ("plain", None, [], [])
    assert [(row["id"], row["name"], row["table"], row["state"], row["last_error"]) for row in found["rows"]] == [
        (None, "maintain refresh", "public.report", "failed_once", "No room."),
        (None, "maintain partitions", "audit_logs", "ran", None),
    ]
    assert re.fullmatch(
        r"done \d+ s ago by cron@db1: nothing was due; nobody is known to schedule it", found["rows"][1]["note"]
    )
    lines = drawn(pg18_migrated, "jobs", columns=80)
    assert [line.split()[:2] for line in lines[2:4]] == [["maintain", "refresh"], ["maintain", "partitions"]]
    assert all(len(line) <= 80 for line in lines)


def test_what_is_hidden_is_said_once(pg18_migrated: str, capsys: pytest.CaptureFixture[str]) -> None:
    options = "options='-c role=pg_read_all_settings'"
    assert run(["--dsn", f"{pg18_migrated} {options}", "jobs"]) == 0
    assert capsys.readouterr().err.count("What became of emr-console maintain is kept in") == 1


def test_where_there_can_be_none(pg18_database: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--dsn", pg18_database, "jobs", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["rows"] == []
    assert found["unavailable"].startswith("Jobs need TimescaleDB, which is not created in this database.")


def test_none_can_be_changed(pg18_database: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--dsn", pg18_database, "job", "run", "1", "--yes"]) == 15
    said = capsys.readouterr().err
    assert "need TimescaleDB" in said
    assert "emr-console maintain" in said
    with pytest.raises(SystemExit):
        run(["job", "--help"])
