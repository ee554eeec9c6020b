"""A user sees the tasks and patients of his department, whichever way he looks, and the services can still write.

Even patients have tasks of ward A, odd ones of ward B; each nurse works in one ward, the floater in none.
"""

import psycopg
import pytest

from tests.schema.ladder import Ladder

NURSE_A = "a0000000-0000-4000-8000-000000000001"
NURSE_B = "b0000000-0000-4000-8000-000000000001"
FLOATER = "c0000000-0000-4000-8000-000000000001"
STRANGER = "f0000000-0000-4000-8000-000000000001"
WARD_A = "d0000000-0000-4000-8000-00000000000a"
WARD_B = "d0000000-0000-4000-8000-00000000000b"
NEW_PATIENT = """insert into patients (mrn, first_name, last_name, date_of_birth, emr_system, emr_patient_id)
    values ('TEST-NEW', 'Test', 'New', '1970-01-01', 'EPIC', 'TEST-NEW') returning id"""


def seen(ladder: Ladder, user: str, query: str) -> set[str]:
    with ladder.acting("emr_app", user):
        return {str(value) for (value,) in ladder.rows(query)}


@pytest.mark.parametrize(
    "query",
    [
        "select mrn from patients",
        "select distinct patient_mrn from tasks_with_patients",
        "select p.mrn from tasks as t join patients as p on p.id = t.patient_uuid",
    ],
    ids=["patients", "view", "join"],
)
def test_patients_of_the_own_ward(hospital: Ladder, query: str) -> None:
    evens, odds = ({f"TEST-MRN-{n}" for n in range(10) if n % 2 == rest} for rest in (0, 1))
    assert seen(hospital, NURSE_A, query) == evens
    assert seen(hospital, NURSE_B, query) == odds
    for nobody in (FLOATER, STRANGER, ""):
        assert seen(hospital, nobody, query) == set()


def test_tasks_of_the_own_ward(hospital: Ladder) -> None:
    for table in ("tasks", "tasks_with_patients"):
        query = f"select department_id from {table}"
        assert seen(hospital, NURSE_A, query) == {WARD_A}
        assert seen(hospital, NURSE_B, query) == {WARD_B}
        assert seen(hospital, "", query) == set()


def test_reporting_sees_no_patient_and_no_secret(hospital: Ladder) -> None:
    for query in (
        "select from patients",
        "select from tasks",
        "select password_hash from users",
        "select * from users",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege), hospital.acting("emr_reporting", NURSE_A):
            hospital.rows(query)
    with hospital.acting("emr_reporting"):
        assert len(hospital.rows("select username, role from users")) == 3
        assert hospital.value("select count(*) > 0 from audit_logs_hourly")


def test_a_new_patient_comes_back_and_then_belongs_to_the_ward(hospital: Ladder) -> None:
    with hospital.acting("emr_app", NURSE_A):
        ((patient,),) = hospital.rows(NEW_PATIENT)
        find = f"select mrn from patients where id = '{patient}'"
        hospital.run(f"set local app.current_user_id = '{NURSE_B}'")
        assert hospital.rows(find) == [("TEST-NEW",)]
        hospital.run(f"set local app.current_user_id = '{NURSE_A}'")
        hospital.run(
            "insert into tasks (title, created_by, department_id, emr_system, patient_id, emr_data, patient_uuid)"
            f" values ('Synthetic', '{NURSE_A}', '{WARD_A}', 'EPIC', 'TEST-NEW', '{{}}', '{patient}')"
        )
        assert hospital.rows(find) == [("TEST-NEW",)]
        assert hospital.rows(f"update patients set gender = 'x' where id = '{patient}' returning gender") == [("x",)]
        for other in (NURSE_B, ""):
            hospital.run(f"set local app.current_user_id = '{other}'")
            assert hospital.rows(find) == []
            assert hospital.rows(f"update patients set gender = 'y' where id = '{patient}' returning 1") == []


def test_nobody_signed_in_writes_nothing(hospital: Ladder) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="row-level security"), hospital.acting("emr_app"):
        hospital.run(NEW_PATIENT)


def test_a_task_cannot_be_moved_out_of_sight(hospital: Ladder) -> None:
    with (
        pytest.raises(psycopg.errors.InsufficientPrivilege, match="row-level security"),
        hospital.acting("emr_app", NURSE_A),
    ):
        hospital.run(f"update tasks set department_id = '{WARD_B}'")


def test_a_changed_patient_leaves_a_masked_trace(hospital: Ladder) -> None:
    with hospital.acting("emr_app", NURSE_A):
        hospital.run("set local app.request_id = '70000000-0000-4000-8000-000000000001'")
        hospital.run(
            "update patients set last_name = 'Renamed', phone = null, emr_patient_id = 'TEST-X'"
            " where mrn = 'TEST-MRN-2'"
        )
        trace = hospital.rows(
            "select action, entity_type, user_id::text, request_id::text, emr_system, emr_patient_id, changes"
            " from audit_logs order by created_at desc, id limit 1"
        )
    assert trace == [
        ("UPDATE", "PATIENT", NURSE_A, "70000000-0000-4000-8000-000000000001", "EPIC", "TEST-X", {
            "last_name": {"from": "***", "to": "***"},
            "phone": {"from": "***", "to": None},
            "emr_patient_id": {"from": "TEST-2", "to": "TEST-X"},
        })
    ]  # fmt: skip
    assert "Test" not in str(hospital.rows("select changes from audit_logs where entity_type = 'PATIENT'"))
