"""What stands in the file: the rows of one plain statement, masked, in each format."""

import csv
import io
import json
import os
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from console.db.database import Database
from console.services.audit.export.exporting import export
from console.services.audit.export.models import Format, Wanted, Written
from console.sql.masks import LARGEST
from tests.migrate.working import ask
from tests.services.audit.export.conftest import ODD
from tests.services.audit.export.fhir_r4 import violations
from tests.services.audit.logging import NOON, event, write
from tests.targets import target

SPAN = "since:2025-12-01 until:2026-03-14T12:00"
PLAIN = "select id::text from audit_logs where created_at <= '2026-03-14 12:00+00' order by created_at, id"
NEVER_MASKED = ("Quentin", "TP0000626", "10.2.3.4", "2001:db8:7:8::1", "O'Neil")


async def exported(dsn: str, folder: Path, format_: Format, masked: bool = True, query: str = SPAN) -> Written:
    reason = "legal: letter of the court" if not masked else "the yearly look"
    async with Database(target(dsn)) as db:
        return await export(db, Wanted(query, format_, folder / f"log.{format_}", reason, masked))


async def lines(dsn: str, folder: Path, format_: Format, masked: bool = True) -> list[Any]:
    text = (await exported(dsn, folder, format_, masked)).path.read_text("utf-8")
    return [json.loads(line) for line in text.split("\n")[:-1]]


async def test_csv_holds_every_row_and_nothing_that_is_calculated(shared_log: str, tmp_path: Path) -> None:
    written = await exported(shared_log, tmp_path, "csv")
    text = written.path.read_text("utf-8")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert [row["id"] for row in rows] == [id_ for (id_,) in ask(shared_log, PLAIN)]
    assert len(rows) == written.rows == 54
    assert not [cell for row in rows for cell in row.values() if cell.lstrip()[:1] in tuple("=+-@|")]
    assert {row["user_agent_masked"] for row in rows} == {""}
    assert {row["patient_masked"] for row in rows} == {"***0626", ""}
    assert {row["ip_masked"] for row in rows} == {"10.2.3.0/24", "2001:db8:7::/48", "***", ""}
    assert {row["user"] for row in rows} == {"ana", ""}
    assert json.loads(rows[0]["changes_masked"]) == {
        "first_name": {"from": "***", "to": "***"}, "status": {"from": "TO_DO", "to": "COMPLETED"},
    }  # fmt: skip


async def test_csv_drives_no_terminal(log: str, tmp_path: Path) -> None:
    write(log, [event(NOON, user_agent="a\x1b[2J\x7f\x9b1m\u202eb"), event(NOON, user_agent="\t=1+1")])
    text = (await exported(log, tmp_path, "csv", masked=False)).path.read_text("utf-8")
    agents = {row["user_agent"] for row in csv.DictReader(io.StringIO(text, newline=""))}
    assert agents >= {"a?[2J??1m?b", "'?=1+1", "'=cmd()", ODD.replace("\t", "?").replace("\n", "?")}


@pytest.mark.parametrize("format_", ["csv", "jsonl", "fhir", "html"])
async def test_nobody_is_named_in_a_masked_file(shared_log: str, tmp_path: Path, format_: Format) -> None:
    written = await exported(shared_log, tmp_path, format_)
    held = written.path.read_text("utf-8") + written.manifest.read_text("utf-8")
    assert [each for each in NEVER_MASKED if each in held] == []
    assert "masked" in written.path.name


async def test_json_lines_are_the_rows(shared_log: str, tmp_path: Path) -> None:
    rows = await lines(shared_log, tmp_path, "jsonl", masked=False)
    assert [row["id"] for row in rows] == [id_ for (id_,) in ask(shared_log, PLAIN)]
    assert {row["user_agent"] for row in rows} == {"=cmd()", ODD, " ", None}
    assert rows[-1]["changes"]["first_name"] == {"from": "Quentin", "to": ODD}
    assert rows[-1]["created_at"] == "2026-03-14T12:00:00.000000Z"
    assert {row["masked"] for row in rows} == {False}


@pytest.mark.parametrize("masked", [True, False])
async def test_fhir_is_r4(shared_log: str, tmp_path: Path, masked: bool) -> None:
    events = await lines(shared_log, tmp_path, "fhir", masked)
    assert [found for event in events for found in violations(event)] == []
    assert [event["id"] for event in events] == [id_ for (id_,) in ask(shared_log, PLAIN)]
    own = {event["subtype"][-1]["code"]: event for event in events}
    assert [own[action]["action"] for action in ("INSERT", "VIEW", "UPDATE", "DELETE", "LOGIN")] == list("CRUDE")
    assert own["BREAK_GLASS"]["purposeOfEvent"][0]["coding"][0]["code"] == "BTG"
    assert own["LOGIN_FAILED"]["outcome"] == "4"
    about = [each for event in events for each in event["entity"] if each["role"]["code"] == "1"]
    assert {each["what"]["reference"] for each in about if "reference" in each["what"]} == {
        "Patient/00000000-0000-0000-0000-00000000004d"
    }
    assert {each["what"]["identifier"]["value"] for each in about} == (
        {"***0626"} if masked else {"TP0000626", "-2+3 0626"}
    )


def test_the_structure_finds_what_is_wrong() -> None:
    wrong = {"resourceType": "AuditEvent", "type": {"system": "s", "code": ""}, "recorded": "2026-03-14", "entity": []}
    assert len(list(violations(wrong))) == 5


async def test_a_page_for_print_interprets_nothing(shared_log: str, tmp_path: Path) -> None:
    page = (await exported(shared_log, tmp_path, "html", masked=False)).path.read_text("utf-8")
    assert page.count("<tr><td>") == 54
    assert "<b>" not in page
    assert "CONTAINS PATIENTS' DATA" in page


@pytest.mark.parametrize(
    ("blob", "stored"),
    [(os.urandom(200_000).hex(), range(LARGEST, 500_000)), ("x" * 1_000_000, range(1, LARGEST))],
    ids=["as it is", "squeezed by the server"],
)
async def test_what_is_too_large_is_left_out_and_told(log: str, tmp_path: Path, blob: str, stored: range) -> None:
    write(log, [event(NOON, id=UUID(int=4), metadata=json.dumps({"blob": blob}))])
    rows = await lines(log, tmp_path, "jsonl", masked=False)
    (large,) = (row for row in rows if row["id"] == str(UUID(int=4)))
    assert large["metadata"] is None
    assert large["omitted_bytes"] in stored
    assert {row["omitted_bytes"] for row in rows if row is not large} == {0}


async def test_a_role_that_may_not_read_users(shared_log: str, tmp_path: Path) -> None:
    ask(shared_log, "create role nameless login password 'x'; grant select, insert on audit_logs to nameless")
    try:
        async with Database(target(shared_log, user="nameless", password="x")) as db:
            written = await export(db, Wanted(SPAN, "csv", tmp_path / "log.csv", "the yearly look"))
    finally:
        ask(shared_log, "drop owned by nameless; drop role nameless")
    rows = list(csv.DictReader(io.StringIO(written.path.read_text("utf-8"), newline="")))
    assert len(rows) == 54
    assert {row["user"] for row in rows} == {""}
