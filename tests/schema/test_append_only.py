"""Audit rows stay as they were written: on the table and on every partition, by grant for the services and by trigger
for the owner."""

import psycopg
import pytest

from tests.schema.ladder import AUDIT, Ladder


def pieces(ladder: Ladder, table: str) -> list[str]:
    """A table, its DEFAULT partition and the one that holds today."""
    found = ladder.rows(
        f"select relid::regclass::text from pg_partition_tree('{table}') where level = 0"
        f" or relid = (select tableoid from {table} order by created_at desc limit 1)"
        f" or relid = '{table}_default'::regclass"
    )
    return [name for (name,) in found]


@pytest.mark.parametrize("table", AUDIT)
def test_services_write_and_read_only(hospital: Ladder, table: str) -> None:
    names = pieces(hospital, table)
    assert len(names) == 3
    for name in names:
        for statement in (f"update {name} set id = id", f"delete from {name}", f"truncate {name}"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege), hospital.acting("emr_app"):
                hospital.run(statement)
    with hospital.acting("emr_app"):
        assert hospital.value(f"select count(*) from {table}") > 0


@pytest.mark.parametrize("role", ["postgres", "emr_audit_owner"])
@pytest.mark.parametrize("table", AUDIT)
def test_owner_and_superuser_are_refused_too(hospital: Ladder, table: str, role: str) -> None:
    for name in pieces(hospital, table):
        statements = [f"truncate {name}"]
        if not name.endswith("_default"):  # a row trigger has nothing to refuse where there is no row
            statements += [f"update {name} set id = id", f"delete from {name}"]
        for statement in statements:
            with pytest.raises(psycopg.errors.ObjectNotInPrerequisiteState, match="append-only"), hospital.acting(role):
                hospital.run(statement)
