"""006 and 007, which run only when they are named: the same schema there and back, no identifier lost."""

import re

import psycopg
import pytest

from console.errors import ConsoleError, Exit
from console.migrate.files import default_folder, read_folder
from tests.migrate.servers import on_both
from tests.migrate.working import ask, go_down, go_up, one, states
from tests.schema.ladder import VERSIONS, Ladder

KEY = "select count(*) from pg_constraint where conname = 'fk_tasks_patient_uuid' and convalidated"
VIEW = "select count(*), sum(hashtextextended(v::text, 0)::numeric) from tasks_with_patients as v"
IDENTIFIERS = "select id, patient_id, vector_clock_timestamp, updated_at from tasks order by id"


def precondition(version: str) -> str:
    """The query that must be true before a migration runs."""
    (migration,) = [each for each in read_folder(default_folder()).of("plain") if each.version == version]
    assert migration.up.header.precondition is not None
    return migration.up.header.precondition


def holds(ladder: Ladder, version: str) -> bool:
    return bool(ladder.value(precondition(version)))


def unordered(facts: list[str]) -> list[str]:
    """A fingerprint without the places of the columns of tasks: a column that comes back is the last one."""
    return sorted(re.sub(r"^(column \| tasks \| )\d+ \| ", r"\1", fact) for fact in facts)


ROWS = ("001", "004")


@pytest.fixture
def filled(climbed: Ladder) -> Ladder:
    """001-005 with rows."""
    climbed.fill(*ROWS)
    return climbed


@on_both
@pytest.mark.parametrize("rows_of", [(), ROWS], ids=["empty", "filled"])
def test_006_up_down_up(climbed: Ladder, rows_of: tuple[str, ...]) -> None:
    climbed.fill(*rows_of)
    before = climbed.fingerprint()
    assert holds(climbed, "006")
    climbed.up("006")
    after = climbed.fingerprint()
    climbed.down("006")
    assert climbed.fingerprint() == before
    climbed.up("006")
    assert climbed.fingerprint() == after
    keys = "select count(*) from pg_constraint where contype = 'f' and conparentid = 0"
    assert climbed.value(f"{keys} and connamespace = 'public'::regnamespace") == 15


@on_both
@pytest.mark.parametrize("rows_of", [(), ROWS], ids=["empty", "filled"])
def test_007_up_down_up(climbed: Ladder, rows_of: tuple[str, ...]) -> None:
    climbed.fill(*rows_of)
    climbed.up("006")
    before, rows, view = climbed.fingerprint(), climbed.rows(IDENTIFIERS), climbed.rows(VIEW)
    assert holds(climbed, "007")
    climbed.up("007")
    after = climbed.fingerprint()
    assert climbed.rows(VIEW) == view
    climbed.down("007")
    assert unordered(climbed.fingerprint()) == unordered(before)
    assert climbed.rows(IDENTIFIERS) == rows
    assert climbed.rows(VIEW) == view
    climbed.up("007")
    assert climbed.fingerprint() == after
    assert [climbed.broken(version) for version in (*VERSIONS, "006", "007")] == [[]] * 7


def test_the_way_down_from_007(filled: Ladder) -> None:
    filled.up("006", "007")
    filled.down("007", "006", *reversed(VERSIONS))
    assert filled.fingerprint() == []


def test_what_others_gave_the_view_stays(filled: Ladder) -> None:
    filled.run("create role ward_admin; grant select on tasks_with_patients to ward_admin")
    filled.run("create view our_list as select patient_id, patient_mrn from tasks_with_patients")
    filled.run("comment on view tasks_with_patients is 'as the ward calls it'")
    ours = [fact for fact in filled.fingerprint() if "tasks_with_patients |" in fact and fact.startswith("relation")]
    filled.up("006", "007")
    filled.down("007")
    filled.up("007")
    assert [fact for fact in filled.fingerprint() if fact in ours] == ours
    assert filled.value("select count(patient_id) from our_list") == 100


def test_006_wants_patients_who_exist(filled: Ladder) -> None:
    filled.run("update tasks set patient_uuid = gen_random_uuid() where id = md5('task 1')::uuid")
    assert not holds(filled, "006")
    filled.run("update tasks set patient_uuid = null where id = md5('task 1')::uuid")
    assert holds(filled, "006")
    filled.up("006")
    with pytest.raises(psycopg.errors.ForeignKeyViolation):
        filled.run("update tasks set patient_uuid = gen_random_uuid() where id = md5('task 1')::uuid")


def test_007_loses_no_identifier(filled: Ladder) -> None:
    filled.up("006")
    for spoil in ("patient_uuid = null", "patient_id = 'another'", "emr_system = 'CERNER'"):
        with filled.connection.transaction(force_rollback=True):
            filled.run(f"update tasks set {spoil} where id = md5('task 1')::uuid")
            assert not holds(filled, "007"), spoil
            with pytest.raises(psycopg.DatabaseError, match="1 tasks have no patient") as caught:
                filled.up("007")
            assert caught.value.sqlstate == "EM001"
            assert filled.value("select count(patient_id) from tasks") == 100


def test_007_is_not_for_whoever_sees_less(ladder: Ladder) -> None:
    """With row security forced on its owner, an empty answer would look like a clean one."""
    database = ladder.value("select current_database()")
    ladder.run(f"create role ward_admin; alter database {database} owner to ward_admin")
    ladder.run("set role ward_admin")
    ladder.up(*VERSIONS)
    ladder.fill(*ROWS)
    ladder.up("006")
    ladder.run("update tasks set patient_uuid = null")
    ladder.run("alter table tasks force row level security")
    assert holds(ladder, "007")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        ladder.up("007")


def test_007_wants_006(filled: Ladder) -> None:
    assert not holds(filled, "007")
    filled.run("alter table tasks add constraint fk_tasks_patient_uuid foreign key (patient_uuid) references patients"
               " not valid")  # fmt: skip
    assert not holds(filled, "007")


async def test_the_engine_runs_them_when_they_are_named(migrated: str) -> None:
    folder = default_folder()
    assert (await go_up(migrated, folder)).done == []
    with pytest.raises(ConsoleError, match="006_link_tasks_to_patients is manual") as caught:
        await go_up(migrated, folder, to="007")
    assert caught.value.exit == Exit.REFUSED
    assert (await go_up(migrated, folder, to="006")).done == ["006"]
    assert one(migrated, KEY) == 1
    assert (await go_up(migrated, folder, to="007")).done == ["007"]
    assert set((await states(migrated, folder)).values()) == {"applied"}
    assert (await go_down(migrated, folder, to="005")).done == ["007", "006"]


async def test_the_engine_refuses_006_while_a_patient_is_missing(migrated: str) -> None:
    ask(migrated, "insert into departments (name, code) values ('Test ward', 'TEST')")
    ask(
        migrated,
        "insert into users (username, email, role, password_hash) values ('test', 't@example.org', 'NURSE', '!')",
    )
    ask(
        migrated,
        "insert into tasks (title, created_by, department_id, emr_system, patient_id, emr_data, patient_uuid)"
        " select 'Synthetic', u.id, d.id, 'EPIC', 'TEST-1', '{}', gen_random_uuid() from users u, departments d",
    )
    result = await go_up(migrated, default_folder(), to="006")
    assert (result.done, result.exit) == ([], Exit.REFUSED)
    assert result.error is not None
    assert "006_link_tasks_to_patients.up.sql wants this to be true first" in result.error.message
    assert one(migrated, KEY) == 0
