"""Files beside each other and beside the patients who are there: all of a file is written or nothing."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from console.db.session import Session
from console.errors import ConsoleError, Exit, LockTimeout, Refused, UsageError
from console.services.patients import importing, models
from console.services.patients.models import Report
from tests.migrate.servers import on_both
from tests.targets import target

PATIENT = {
    "mrn": "TEST-1",
    "first_name": "Test",
    "last_name": "Patient",
    "date_of_birth": "1960-01-01",
    "emr_system": "EPIC",
    "emr_patient_id": "TP1",
}


def patient(number: int, **changed: object) -> dict[str, object]:
    return PATIENT | {"mrn": f"TEST-{number}", "emr_patient_id": f"TP{number}"} | changed


@pytest.fixture
def clinic(migrated: str) -> Iterator[psycopg.Connection]:
    """A database without patients, on each server."""
    with psycopg.connect(migrated, autocommit=True) as connection:
        yield connection


@pytest.fixture
def ward(pg18_migrated: str) -> Iterator[psycopg.Connection]:
    """The same on PostgreSQL 18 only."""
    with psycopg.connect(pg18_migrated, autocommit=True) as connection:
        yield connection


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "patients.jsonl"


def write(file: Path, *patients: dict[str, object]) -> Path:
    file.write_text("".join(json.dumps(each) + "\n" for each in patients))
    return file


async def bring(connection: psycopg.Connection, file: Path, reader: str = "jsonl", *, keep: bool = True) -> Report:
    """Examine a file and, if nothing is wrong with it, write it."""
    async with await Session.open(target(connection.info.dsn), "test", settings=importing.SETTINGS) as session:
        report = await importing.examine(session, file, reader)
        if keep and not report.total:
            await importing.insert(session, report, "a test")
    return report


def value(connection: psycopg.Connection, query: str) -> Any:
    row = connection.execute(query.encode()).fetchone()
    assert row is not None
    return row[0]


def told(report: Report) -> list[tuple[int, str | None, str]]:
    return [(each.line, each.field, each.rule) for each in report.findings]


@on_both
async def test_all_that_a_file_says_is_stored(clinic: psycopg.Connection, file: Path) -> None:
    more = {"gender": "female", "emr_metadata": {"a": [1, "ü"]}, "phone": "555-0100", "email": "a@example.org"}
    report = await bring(clinic, write(file, patient(1, **more), patient(2, phone="")))
    assert report.counts() == {
        "read": 2, "valid": 2, "invalid": 0, "new": 2, "same": 0, "conflicting": 0, "inserted": 2
    }  # fmt: skip
    first, second = clinic.execute("select to_jsonb(p) from patients p order by mrn").fetchall()
    assert first[0].items() >= (patient(1) | more).items()
    assert second[0].items() >= {"emr_metadata": {}, "phone": None, "deleted_at": None}.items()


async def test_csv_and_json_say_the_same(clinic: psycopg.Connection, file: Path) -> None:
    await bring(clinic, write(file, patient(1, emr_metadata={"a": 1}), patient(2, first_name='A "B", C')))
    table = file.with_suffix(".csv")
    table.write_text(
        "emr_patient_id,mrn,first_name,last_name,date_of_birth,emr_system,emr_metadata\r\n"
        'TP1,TEST-1,Test,Patient,1960-01-01,EPIC,"{""a"":\n 1}"\r\n'
        'TP2,TEST-2,"A ""B"", C",Patient,1960-01-01,EPIC,\r\n'
    )
    report = await bring(clinic, table, "csv")
    assert (report.total, report.same, report.new, report.inserted) == (0, 2, 0, 0)


async def test_the_audit_log_tells_of_file_and_patients(ward: psycopg.Connection, file: Path) -> None:
    report = await bring(ward, write(file, patient(1), patient(2)))
    rows = ward.execute("select entity_id::text, request_id, user_id, metadata from audit_logs order by 1").fetchall()
    assert len(rows) == 3
    assert len({row[1:3] for row in rows}) == 1
    whole = rows[0]
    assert whole[0] == "00000000-0000-0000-0000-000000000000"
    expected = {"what": "patients import", "reason": "a test", "inserted": 2, "sha256": report.sha256}
    assert whole[3].items() >= expected.items()


async def test_nothing_is_written_before_it_is_wanted(clinic: psycopg.Connection, file: Path) -> None:
    report = await bring(clinic, write(file, patient(1)), keep=False)
    assert (report.new, report.inserted) == (1, 0)
    assert value(clinic, "select (select count(*) from patients) + (select count(*) from audit_logs)") == 0


async def test_twins_in_the_file(clinic: psycopg.Connection, file: Path) -> None:
    write(file, patient(1), patient(2), patient(3, mrn="TEST-1"), patient(4, emr_patient_id="TP2"), patient(1),
          patient(5, emr_patient_id="TP2", emr_system="CERNER"))  # fmt: skip
    report = await bring(clinic, file)
    assert told(report) == [
        (3, "mrn", "is that of line 1 too"),
        (4, "emr_patient_id", "is that of line 2 too"),
        (5, "emr_patient_id", "is that of line 1 too"),
        (5, "mrn", "is that of line 1 too"),
    ]
    assert (report.read, report.valid, report.invalid, report.new) == (6, 3, 3, 3)


async def test_who_is_there_already(clinic: psycopg.Connection, file: Path) -> None:
    await bring(clinic, write(file, *(patient(n, phone="555-0100") for n in range(1, 6))))
    clinic.execute("update patients set deleted_at = now() where mrn = 'TEST-2'")
    other = "is another one than that of the patient who is there"
    write(
        file,
        patient(1),
        patient(2, phone="555-0100"),
        patient(3, last_name="Else", phone="555-0199"),
        patient(4, mrn="TEST-new"),
        patient(6, mrn="TEST-5"),
        patient(7),
    )
    report = await bring(clinic, file)
    assert told(report) == [
        (3, "last_name", other),
        (3, "phone", other),
        (4, "emr_patient_id", "is that of a patient with another mrn"),
        (5, "mrn", "is that of a patient with another identifier in the EMR"),
    ]
    assert (report.valid, report.new, report.same, report.conflicting, report.inserted) == (6, 1, 2, 3, 0)
    assert value(clinic, "select count(*) from patients") == 5


async def test_no_value_is_told(clinic: psycopg.Connection, file: Path) -> None:
    await bring(clinic, write(file, patient(1)))
    secret = "Geheim"
    table = file.with_suffix(".csv")
    heading = "mrn,first_name,last_name,date_of_birth,emr_system,emr_patient_id,phone\n"
    table.write_bytes(
        heading.encode()
        + f"TEST-1,{secret},{secret},1960-01-01,EPIC,TP1,{secret}\n".encode()
        + f"{secret * 20},{secret},{secret}\0,{secret},{secret},{secret},{secret}\n".encode()
        + f"{secret}\xe4,{secret}".encode("latin-1")
    )
    report = await bring(clinic, table, "csv")
    assert {each.line for each in report.findings} == {2, 3, 4}
    assert secret not in repr(report)


async def test_the_wrong_encoding_in_one_line(clinic: psycopg.Connection, file: Path) -> None:
    rows = [f"TEST-{n},Test,Patient,1960-01-01,EPIC,TP{n}\n".encode() for n in range(1, 4)]
    rows[1] = rows[1].replace(b"Patient", "Müller".encode("latin-1"))
    heading = b"mrn,first_name,last_name,date_of_birth,emr_system,emr_patient_id\n"
    file.write_bytes(heading + b"".join(rows))  # noqa: ASYNC240 - a test's own small file
    report = await bring(clinic, file, "csv")
    assert told(report) == [(3, "last_name", "is not UTF-8 text")]
    assert (report.read, report.valid) == (3, 2)


async def test_only_the_first_findings_are_named(
    clinic: psycopg.Connection, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (importing, models):
        monkeypatch.setattr(module, "KEPT", 5)
    write(file, *(patient(n, date_of_birth="never") for n in range(4)), *(patient(1) for _ in range(9)))
    report = await bring(clinic, file)
    assert len(report.findings) == 5
    assert report.total == 4 + 2 * 8


async def test_what_is_no_file(ward: psycopg.Connection, tmp_path: Path) -> None:
    (tmp_path / "folder.csv").mkdir()
    os.mkfifo(tmp_path / "pipe.csv")
    for name in ("nowhere.csv", "folder.csv", "pipe.csv"):
        with pytest.raises(UsageError, match="cannot be read: ") as caught:
            await bring(ward, tmp_path / name, "csv")
        assert caught.value.exit == Exit.USAGE


async def test_somebody_was_faster(ward: psycopg.Connection, file: Path) -> None:
    async with await Session.open(target(ward.info.dsn), "test", settings=importing.SETTINGS) as session:
        report = await importing.examine(session, write(file, patient(1), patient(2)), "jsonl")
        await bring(ward, write(file, patient(2)))
        with pytest.raises(ConsoleError, match="written by somebody else") as caught:
            await importing.insert(session, report, "a test")
    assert caught.value.exit == Exit.PLAN_OUTDATED
    assert value(ward, "select string_agg(mrn, ' ') from patients") == "TEST-2"
    assert value(ward, "select count(*) from audit_logs") == 2


async def test_somebody_is_writing_the_same_patient(ward: psycopg.Connection, file: Path) -> None:
    hasty = importing.SETTINGS | {"lock_timeout": "50"}
    async with await Session.open(target(ward.info.dsn), "test", settings=hasty) as session:
        report = await importing.examine(session, write(file, patient(1), patient(2)), "jsonl")
        with ward.transaction():
            ward.execute("insert into patients (mrn, first_name, last_name, date_of_birth, emr_system, emr_patient_id)"
                         " values ('TEST-2', 'Test', 'Patient', '1960-01-01', 'EPIC', 'TP2')")  # fmt: skip
            with pytest.raises(LockTimeout):
                await importing.insert(session, report, "a test")
    assert value(ward, "select string_agg(mrn, ' ') from patients") == "TEST-2"


async def test_who_sees_only_a_part_is_refused(ward: psycopg.Connection, file: Path) -> None:
    role = f"visitor_{ward.info.dbname}"
    ward.execute(f"create role {role} login password 'geheim'".encode())
    try:
        ward.execute(f"grant select, insert on all tables in schema public to {role}".encode())
        async with await Session.open(target(f"{ward.info.dsn} user={role} password=geheim"), "test") as session:
            with pytest.raises(Refused, match=f"hides rows of patients from {role}"):
                await importing.examine(session, write(file, patient(1)), "jsonl")
    finally:
        ward.execute(f"drop owned by {role}".encode())
        ward.execute(f"drop role {role}".encode())


async def test_without_the_table(pg18_database: str, file: Path) -> None:
    async with await Session.open(target(pg18_database), "test") as session:
        with pytest.raises(UsageError, match="no table of patients"):
            await importing.examine(session, write(file, patient(1)), "jsonl")


async def test_rules_are_those_of_the_table(ward: psycopg.Connection, file: Path) -> None:
    ward.execute("alter type emr_system add value 'MEDITECH'")
    ward.execute("alter table patients add column insurance varchar(4)")
    report = await bring(ward, write(file, patient(1, emr_system="MEDITECH", insurance="12345")))
    assert told(report) == [(1, "insurance", "is longer than 4 characters")]
