"""A small hospital whose tasks name patients by the identifier of the EMR only, and somebody who listens."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import psycopg

from console.db.session import Session
from console.services.backfill import service
from console.services.backfill.models import Batch, Counts
from console.services.backfill.service import Pace
from tests.targets import target

Rows = list[tuple[Any, ...]]
WARD = UUID("d0000000-0000-4000-8000-00000000000a")
NURSE = UUID("a0000000-0000-4000-8000-000000000001")

STAFF = f"""
insert into departments (id, name, code) values ('{WARD}', 'Test ward', 'TEST');
insert into users (id, username, email, role, department_id, password_hash)
values ('{NURSE}', 'test.nurse', 'nurse@example.org', 'NURSE', '{WARD}', '!');
"""
PATIENTS = """
insert into patients (mrn, first_name, last_name, date_of_birth, emr_system, emr_patient_id)
select 'TEST-' || n, 'Test', 'Patient ' || n, date '1960-01-01' + n, 'EPIC', 'TP' || n from generate_series(1, %s) as n
"""
TASKS = f"""
insert into tasks (title, created_by, department_id, emr_system, patient_id, emr_data, updated_at)
select 'Synthetic task ' || n, '{NURSE}', '{WARD}', 'EPIC', 'TP' || 1 + n %% %s, '{{}}', '2026-01-01 00:00+00'
from generate_series(1, %s) as n
"""
STILL = """
alter table tasks disable trigger user;
update tasks set vector_clock_timestamp = 1;
alter table tasks enable trigger user
"""
WRONG = """
select count(*) from tasks as t left join patients as p on p.id = t.patient_uuid
where (p.emr_system, p.emr_patient_id) is distinct from (t.emr_system, t.patient_id)
"""
"""Tasks without their patient, or with another one's."""


def furnish(connection: psycopg.Connection, *, patients: int = 10, tasks: int = 100) -> None:
    """Staff, patients, and tasks for them in turn, whose clocks stand still."""
    connection.execute(STAFF.encode())
    connection.execute(PATIENTS.encode(), (patients,))
    connection.execute(TASKS.encode(), (patients, tasks))
    connection.execute(STILL.encode())


class Ear:
    """Remembers what it is told, and does something at the first note."""

    def __init__(self, at_first_note: Callable[[], object] = lambda: None) -> None:
        self.notes: list[str] = []
        self.batches: list[Batch] = []
        self._at_first_note = at_first_note

    def batch(self, counts: Counts, batch: Batch) -> None:
        self.batches.append(batch)

    def note(self, sentence: str) -> None:
        self.notes.append(sentence)
        if len(self.notes) == 1:
            self._at_first_note()


async def fill(dsn: str, ear: Ear | None = None, **pace: Any) -> Counts:
    """A whole backfill; keywords are those of Pace."""
    counts = Counts()
    async with await Session.open(target(dsn), service.FILLING.lane, settings=service.SETTINGS) as session:
        await service.remaining(session)
        await service.backfill(session, Pace(**pace), ear or Ear(), counts, "a test")
    return counts


def dsn(connection: psycopg.Connection) -> str:
    return connection.info.dsn


def rows(connection: psycopg.Connection, query: str) -> Rows:
    return connection.execute(query.encode()).fetchall()


def value(connection: psycopg.Connection, query: str) -> Any:
    ((found,),) = rows(connection, query)
    return found
