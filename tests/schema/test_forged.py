"""What a stranger made beforehand is not taken for ours: forged audit rows, and the function that guards them."""

from collections.abc import Iterator
from contextlib import AbstractContextManager

import psycopg
import pytest

from tests.schema.ladder import AUDIT, Ladder

FORGED = "audit_logs_backup_20200101000000"
TRAP = """
create sequence sprung;
create function spring() returns trigger language plpgsql as $$
begin
    perform nextval('public.sprung'); -- what a transaction that is rolled back has done to it stays
    return coalesce(new, old);
end $$;
"""
MAKE = f"""
create table {FORGED} (
    id uuid, action text, entity_type text, entity_id uuid, user_id uuid, changes jsonb, created_at timestamptz,
    ip_address text, user_agent text, session_id uuid, emr_system text, emr_patient_id text, emr_context jsonb,
    request_id uuid, metadata jsonb
);
insert into {FORGED} (id, action, entity_type, entity_id, user_id, changes, created_at, request_id)
select id, 'VIEW', 'PATIENT', id, id, '{{}}', now(), id from gen_random_uuid() as id;
create trigger a before insert or update or delete on {FORGED} for each row execute function spring();
"""
GUARD = """create function prevent_audit_modification() returns trigger language plpgsql as 'begin return new; end'"""


@pytest.fixture
def stranger(ladder: Ladder) -> Iterator[str]:
    """A role that may create tables and functions in public, and has a trap there."""
    name = "stranger_" + ladder.value("select current_database()")
    ladder.run(f"create role {name}; grant create on schema public to {name}")
    act(ladder, name, TRAP)
    yield name
    assert ladder.value("select is_called from sprung") is False
    ladder.run(f"drop owned by {name} cascade; drop role {name}")


def act(ladder: Ladder, role: str, statement: str) -> None:
    """Do something for good under a role."""
    with ladder.connection.transaction():
        ladder.run(f"set local role {role}; {statement}")


def refused(said: str) -> AbstractContextManager[pytest.ExceptionInfo[psycopg.DatabaseError]]:
    """Expects the server to say so."""
    return pytest.raises(psycopg.DatabaseError, match=said)


def test_a_strangers_backup_is_not_taken_over(ladder: Ladder, stranger: str) -> None:
    ladder.up("001")
    act(ladder, stranger, MAKE)
    with refused(f"{FORGED} looks like audit rows that a rollback kept, but belongs to {stranger}") as caught:
        ladder.up("002")
    assert caught.value.sqlstate == "EM001"
    assert ladder.value("select to_regclass('audit_logs') is null")
    ladder.run(f"drop table {FORGED}")
    ladder.up("002")
    assert ladder.value("select count(*) from audit_logs") == 0


@pytest.mark.parametrize("granted", ["membership", "schema", "database", "audit rows"])
def test_a_backup_of_one_who_is_trusted_is(ladder: Ladder, stranger: str, granted: str) -> None:
    ladder.up("001")
    act(ladder, stranger, MAKE.partition("create trigger")[0])
    ladder.run("create role emr_audit_owner")
    ladder.run(
        {
            "membership": f"grant {stranger} to current_user",
            "schema": f"alter schema public owner to {stranger}",
            "database": f"alter database {ladder.value('select current_database()')} owner to {stranger}",
            "audit rows": f"alter table {FORGED} owner to emr_audit_owner",
        }[granted]
    )
    ladder.up("002")
    assert ladder.value("select count(*) from audit_logs") == 1
    assert ladder.backups() == []
    ladder.run("alter schema public owner to postgres")
    ladder.run(f"alter database {ladder.value('select current_database()')} owner to postgres")


def test_what_a_rollback_kept_comes_back_beside_a_refusal(ladder: Ladder, stranger: str) -> None:
    """The refusal changes nothing: the rows that are really ours are still there, and come back once it is settled."""
    ladder.up("001", "002")
    ladder.fill("001", "002")
    rows = ladder.content(*AUDIT)
    ladder.down("002")
    kept = ladder.backups()
    act(ladder, stranger, MAKE)
    with refused("belongs to"):
        ladder.up("002")
    assert ladder.backups() == sorted([*kept, FORGED])
    ladder.run(f"drop table {FORGED}")
    ladder.up("002")
    assert ladder.content(*AUDIT) == rows


def test_a_strangers_guard_is_not_kept(ladder: Ladder, stranger: str) -> None:
    ladder.up("001")
    act(ladder, stranger, GUARD)
    with refused(rf"function prevent_audit_modification\(\) is there already and belongs to {stranger}"):
        ladder.up("002")
