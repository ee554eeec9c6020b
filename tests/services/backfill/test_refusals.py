"""Who may not fill, and where it cannot be done: nothing is filled."""

from collections.abc import Iterator

import psycopg
import pytest

from console.errors import Exit, Refused, UsageError
from tests.services.backfill.working import dsn, fill, value


async def test_a_clock_that_would_move_stops_it(ward: psycopg.Connection) -> None:
    """As on a database whose trigger is not the one of 003."""
    ward.execute(
        "create or replace function update_vector_clock_timestamp() returns trigger language plpgsql as"
        " $$ begin new.vector_clock_timestamp := 7; return new; end $$"
    )
    with pytest.raises(Refused, match="moves the clock"):
        await fill(dsn(ward))
    assert value(ward, "select count(patient_uuid) from tasks") == 0


@pytest.fixture
def visitor(ward: psycopg.Connection) -> Iterator[str]:
    """A role that may do everything with the tables of the services but does not own them."""
    name = f"visitor_{value(ward, 'select current_database()')}"
    ward.execute(f"create role {name} login password 'geheim'".encode())
    ward.execute(f"grant select, insert, update on all tables in schema public to {name}".encode())
    yield name
    ward.execute(f"drop owned by {name}".encode())
    ward.execute(f"drop role {name}".encode())


def as_role(connection: psycopg.Connection, role: str) -> str:
    return f"{dsn(connection)} user={role} password=geheim"


async def test_who_sees_only_a_part_is_refused(ward: psycopg.Connection, visitor: str) -> None:
    with pytest.raises(Refused, match=f"hides rows of tasks from {visitor}") as caught:
        await fill(as_role(ward, visitor))
    assert caught.value.exit == Exit.REFUSED
    ward.execute(f"alter role {visitor} bypassrls".encode())
    assert (await fill(as_role(ward, visitor))).matched == 100


async def test_without_the_right_to_audit_nothing_is_filled(ward: psycopg.Connection, visitor: str) -> None:
    ward.execute(f"alter role {visitor} bypassrls; revoke insert on audit_logs from {visitor}".encode())
    with pytest.raises(Refused, match="cannot be recorded in the audit log"):
        await fill(as_role(ward, visitor))
    assert value(ward, "select count(patient_uuid) from tasks") == 0


async def test_the_schema_must_be_as_far(pg18_database: str, ward: psycopg.Connection) -> None:
    with pytest.raises(UsageError, match="no column"):
        await fill(pg18_database)
    ward.execute("alter table tasks drop column patient_id cascade")
    with pytest.raises(UsageError, match="gone with migration 007"):
        await fill(dsn(ward))
