"""`emr-console verify`: what holds after the migrations, and what is seen when somebody spoils it."""

import json
from typing import Any

import pytest

from console.cli.main import run
from tests.fixtures.timescale import Timescale
from tests.migrate.servers import on_both
from tests.migrate.working import ask, one

ROW = """
insert into audit_logs (action, entity_type, entity_id, user_id, changes, request_id)
select 'VIEW', 'PATIENT', gen_random_uuid(), gen_random_uuid(), '{}', gen_random_uuid()
"""
KEYS = {"id", "name", "ok", "expected", "found", "remedy"}


def asked(capsys: pytest.CaptureFixture[str], dsn: str) -> tuple[int, dict[str, Any]]:
    """The exit code, and the rows by their number."""
    code = run(["--dsn", dsn, "verify", "--json"])
    told = json.loads(capsys.readouterr().out)
    assert told.keys() == {"rows", "ok"}
    assert all(row.keys() == KEYS for row in told["rows"])
    assert told["ok"] == all(row["ok"] for row in told["rows"]) == (code == 0)
    return code, {row["id"]: row for row in told["rows"]}


@on_both
def test_after_the_migrations_all_holds_and_nothing_stays(
    migrated: str, home: object, capsys: pytest.CaptureFixture[str]
) -> None:
    code, rows = asked(capsys, migrated)
    assert (code, [row["id"] for row in rows.values() if not row["ok"]]) == (0, [])
    wanted = {"Q1.1", "Q1.2", "Q2", "Q3", "Q4", "Q5.1", "Q5.2", "Q7.1", "Q7.2", "Q8.1", "Q8.2", "R1", "R2", "R3"}
    assert wanted == {name for name in rows if name[0] in "QR"}
    assert [rows[name]["expected"] for name in ("Q1.1", "Q2")] == ["11", "14"]
    assert one(migrated, "select count(*) from audit_logs") == 0, "the row written for a trial was taken back"


def test_what_was_spoiled_is_named(pg18_migrated: str, home: object, capsys: pytest.CaptureFixture[str]) -> None:
    ask(pg18_migrated, "alter table handovers drop constraint handovers_accepted_by_foreign")
    ask(pg18_migrated, "alter table shifts drop constraint shifts_supervisor_id_foreign")
    ask(pg18_migrated, "alter table shifts add constraint shifts_supervisor_id_foreign foreign key (supervisor_id)"
                       " references users not valid")  # fmt: skip
    ask(pg18_migrated, "drop table handover_templates; create table scratch ()")
    ask(pg18_migrated, "update pg_index set indisvalid = false where indexrelid = 'idx_patients_mrn'::regclass")
    ask(pg18_migrated, "drop function check_audit_retention_status()")
    ask(
        pg18_migrated,
        "revoke insert on audit_logs from current_user; alter table audit_logs add check (action <> 'TEST')",
    )
    code, rows = asked(capsys, pg18_migrated)
    assert code == 1
    assert rows["Q1.1"]["found"] == "10, missing: handover_templates"
    assert (rows["Q1.2"]["ok"], rows["Q1.2"]["found"]) == (True, "scratch")
    assert rows["Q2"]["found"] == (
        "13, missing: handovers.handovers_accepted_by_foreign, not validated: shifts.shifts_supervisor_id_foreign"
    )
    assert "invalid: idx_patients_mrn" in rows["Q3"]["found"]
    assert not rows["R1"]["ok"]
    assert not rows["Q8.2"]["ok"]
    assert {name for name, row in rows.items() if not row["ok"]} >= {"Q1.1", "Q2", "Q3", "Q8.2", "R1"}


def test_before_the_migrations(pg18_database: str, home: object, capsys: pytest.CaptureFixture[str]) -> None:
    code, rows = asked(capsys, pg18_database)
    assert code == 1
    assert rows["0"]["found"] == "none"
    assert not {"Q4", "Q5.1", "Q8.2", "R1"} & rows.keys(), "what belongs to migrations is not asked before them"


def test_on_timescale(migrated_timescale: Timescale, home: object, capsys: pytest.CaptureFixture[str]) -> None:
    ask(migrated_timescale.dsn(), ROW)
    code, rows = asked(capsys, migrated_timescale.dsn())
    assert [row for row in rows.values() if not row["ok"]] == []
    assert code == 0
    assert rows["Q4"]["name"] == "audit_logs is divided by time (hypertable)"
    assert rows["R1"]["found"] == "1"
    assert one(migrated_timescale.dsn(), "select count(*) from audit_logs") == 1
