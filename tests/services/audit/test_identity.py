"""A patient is found under every identity, and nobody else's rows with him."""

from collections.abc import Iterator
from uuid import UUID

import psycopg
import pytest

from console.db.database import Database
from console.demo.server import Cluster
from console.errors import NoPrivilege
from tests.fixtures.databases import fresh, template
from tests.schema.ladder import Ladder
from tests.services.audit.logging import ANA, ago, event, ids, users, walked, write
from tests.targets import target

PATIENT, NAMESAKE, TASK, LEGACY, VERIFICATION, ITEM, WARD = (UUID(int=n) for n in range(101, 108))

SETUP = f"""
insert into departments (id, name, code) values ('{WARD}', 'Ward', 'W1');
insert into patients (id, mrn, first_name, last_name, date_of_birth, emr_system, emr_patient_id) values
    ('{PATIENT}', 'TEST-''1%', 'Zoé', 'Sample', '1980-02-03', 'EPIC', 'E-5'),
    ('{NAMESAKE}', 'TEST-2', 'Ann', 'Other', '1990-01-01', 'CERNER', 'E-5');
insert into tasks (id, title, created_by, department_id, emr_system, patient_id, emr_data, patient_uuid) values
    ('{TASK}', 't', '{ANA}', '{WARD}', 'GENERIC_FHIR', 'old', '{{}}', '{PATIENT}'),
    ('{LEGACY}', 't', '{ANA}', '{WARD}', 'EPIC', 'E-5', '{{}}', null),
    ('{UUID(int=120)}', 't', '{ANA}', '{WARD}', 'CERNER', 'E-5', '{{}}', null);
"""
MRN = 'patient:"TEST-\'1%"'


@pytest.fixture(scope="module")
def ward(pg18: Cluster) -> Iterator[str]:
    """A patient with a task of each age, and somebody of the same id in another EMR."""
    with fresh(pg18, template(pg18)) as dsn:
        users(dsn, ana=ANA)
        with psycopg.connect(dsn, autocommit=True) as connection:
            connection.execute(SETUP)
            connection.execute(
                "insert into emr_verifications (id, task_id, verified_by, status, verification_metadata, verified_at)"
                " values (%s, %s, %s, 'VERIFIED', '{}', now())",
                (VERIFICATION, LEGACY, ANA),
            )
        yield dsn


def rows() -> dict[str, dict[str, object]]:
    """One row under each identity, and two of somebody else."""
    return {
        "himself": event(ago(hours=1), entity_id=PATIENT),
        "in the EMR": event(ago(hours=2), entity_id=UUID(int=0), emr_system="EPIC", emr_patient_id="E-5"),
        "his task": event(ago(hours=3), entity_type="TASK", entity_id=TASK),
        "his old task": event(ago(hours=4), entity_type="TASK", entity_id=LEGACY),
        "its verification": event(ago(hours=5), entity_type="VERIFICATION", entity_id=VERIFICATION),
        "another's id": event(ago(hours=6), entity_id=UUID(int=0), emr_system="CERNER", emr_patient_id="E-5"),
        "another's task": event(ago(hours=7), entity_type="TASK", entity_id=UUID(int=120)),
    }


@pytest.mark.parametrize("named", [MRN, f"patient:{PATIENT}"])
async def test_every_identity_of_one_patient(ward: str, named: str) -> None:
    made = rows()
    write(ward, made.values())
    mine = {row["id"] for row in made.values()}
    async with Database(target(ward)) as db:
        found = [row for row in await walked(db, f"{named} since:2026-03-01 until:2026-03-15") if row.id in mine]
    theirs = ["himself", "in the EMR", "his task", "his old task", "its verification"]
    assert ids(found) == [made[name]["id"] for name in theirs]


async def test_an_id_that_two_have_means_both(ward: str) -> None:
    made = rows()
    write(ward, made.values())
    mine = {row["id"] for row in made.values()}
    async with Database(target(ward)) as db:
        found = [row for row in await walked(db, "patient:E-5 since:2026-03-01 until:2026-03-15") if row.id in mine]
    assert set(ids(found)) == mine


async def test_before_there_are_patients(ladder: Ladder) -> None:
    """At 002 the audit log knows patients by the EMR's id alone, it is one table, and users have names."""
    ladder.up("001", "002")
    users(ladder.dsn, ana=ANA)
    made = event(ago(days=400), emr_system="EPIC", emr_patient_id="E-5")
    write(ladder.dsn, [made, event(ago(days=800))])
    async with Database(target(ladder.dsn)) as db:
        found = await walked(db, "patient:E-5 since:all")
    assert [(row.id, row.user, row.patient) for row in found] == [(made["id"], "ana", "***")]


async def test_without_the_right_to_see_patients_and_users(ladder: Ladder) -> None:
    """The rows are found by what they say themselves; a name cannot be looked up, and that is said."""
    ladder.up("001", "002", "003", "004", "005")
    made = event(ago(days=4), emr_system="EPIC", emr_patient_id="E-5")
    write(ladder.dsn, [made])
    ladder.run("create role ward_admin login password 'x'; grant select on audit_logs to ward_admin")
    async with Database(target(ladder.dsn, user="ward_admin", password="x")) as db:
        found = await walked(db, "patient:E-5 since:2026-01-01")
        assert [(row.id, row.user) for row in found] == [(made["id"], None)]
        with pytest.raises(NoPrivilege, match="may not read users"):
            await walked(db, "user:ana")
        assert await walked(db, f"user:{ANA} since:2026-01-01") == found
