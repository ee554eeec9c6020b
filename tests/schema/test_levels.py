"""What the services do every minute works on every level of the schema, and clocks move when they should."""

import psycopg
import pytest

from tests.schema.ladder import AUDIT, VERSIONS, Ladder

AUDIT_ROW = """insert into audit_logs (action, entity_type, entity_id, user_id, changes, request_id)
    values ('VIEW', 'PATIENT', gen_random_uuid(), gen_random_uuid(), '{}', gen_random_uuid())"""
CLOCKED = ("tasks", "handovers", "emr_verifications")


def test_writes_at_every_level(ladder: Ladder) -> None:
    for level in VERSIONS:
        ladder.up(level)
        if level in ("001", "004"):
            ladder.fill(level)
        for table in CLOCKED:
            ladder.run(f"update {table} set created_at = created_at + interval '1 second'")
        if level >= "002":
            ladder.run(AUDIT_ROW)
    assert ladder.value("select count(*) from audit_logs where action = 'VIEW'") == 4
    for level in reversed(VERSIONS):
        ladder.down(level)
        if level > "001":
            for table in CLOCKED:
                ladder.run(f"update {table} set created_at = created_at + interval '1 second'")
        if level > "002":
            ladder.run(AUDIT_ROW)


def test_the_clock_moves_with_what_devices_must_know(ladder: Ladder) -> None:
    ladder.up("001", "002")
    ladder.fill("001")
    for level in ("003", "004", "005"):
        ladder.up(level)
        for table in CLOCKED:
            stop_the_clock(ladder, table)
            ladder.run(f"update {table} set updated_at = now() + interval '1 second'")
            assert stopped(ladder, table)
            ladder.run(f"update {table} set created_at = created_at + interval '1 second'")
            assert not stopped(ladder, table)
        if level > "003":
            stop_the_clock(ladder, "tasks")
            ladder.run("update tasks set patient_uuid = gen_random_uuid(), updated_at = now() + interval '2 seconds'")
            assert stopped(ladder, "tasks")


def stop_the_clock(ladder: Ladder, table: str) -> None:
    still = f"update {table} set vector_clock_timestamp = 1"
    ladder.run(f"alter table {table} disable trigger user; {still}; alter table {table} enable trigger user")


def stopped(ladder: Ladder, table: str) -> bool:
    return ladder.rows(f"select distinct vector_clock_timestamp = 1 from {table}") == [(True,)]


def test_audit_rows_are_append_only_at_every_level(ladder: Ladder) -> None:
    ladder.up("001", "002")
    ladder.fill("002")
    for level in ("003", "004", "005", None):
        for table in AUDIT:
            for statement in (f"update {table} set id = id", f"delete from {table}", f"truncate {table}"):
                with pytest.raises(psycopg.errors.ObjectNotInPrerequisiteState, match="append-only"):
                    ladder.run(statement)
        if level:
            ladder.up(level)


def test_002_gives_the_rows_to_their_owner_where_it_may(ladder: Ladder) -> None:
    ladder.run("create role emr_audit_owner")
    ladder.up("001", "002")
    owner = "select relowner::regrole::text from pg_class where relname = 'audit_logs'"
    assert ladder.value(owner) == "postgres"
    ladder.down("002")
    ladder.run("grant create on schema public to emr_audit_owner")
    ladder.up("002")
    assert ladder.value(owner) == "emr_audit_owner"
    ladder.up("003", "004", "005")
    assert ladder.value(owner) == "emr_audit_owner"
