"""Advice on tables of real servers."""

import psycopg
import pytest

from console.db.database import Database
from console.services.advice.models import Report
from console.services.advice.service import report
from console.services.storage.tables import measure_tables, named, read_tables
from tests.migrate.working import ask, one
from tests.services.storage.recorded import furnish
from tests.targets import target


async def advised(dsn: str, table: str) -> Report:
    async with Database(target(dsn)) as db:
        measures = await measure_tables(db)
        tables = await read_tables(db, measures)
        return await report(db, named(tables.tables, table), measures)


async def test_partitions(pg18_migrated: str) -> None:
    ask(pg18_migrated, "analyze audit_logs")
    found = await advised(pg18_migrated, "audit_logs")
    budget = found.facts.budget
    assert budget.indexes == one(pg18_migrated, "select count(*) from pg_index where indrelid = 'audit_logs'::regclass")
    assert budget.lock_slots == one(pg18_migrated, """
        select (select setting from pg_settings where name = 'max_locks_per_transaction')::int
             * ((select setting from pg_settings where name = 'max_connections')::int
                + (select setting from pg_settings where name = 'max_prepared_transactions')::int)""")  # fmt: skip
    (now,) = [width for width in found.widths if width.seconds == 7 * 86_400.0]
    assert now.chunks == 366
    assert now.lock_share == 366 * (1 + budget.indexes) / budget.lock_slots
    assert (found.segments, found.defects) == ([], [])
    assert found.advice


@pytest.mark.parametrize("version", ["2.11.2", "2.24.0", "2.29.2"])
async def test_hypertables_of_each_version(pg18_database: str, version: str) -> None:
    with psycopg.connect(pg18_database, autocommit=True) as connection:
        furnish(connection, version)
        connection.execute(
            "insert into beds select now(), n % 5 from generate_series(1, 1000) n; analyze beds;"
            "insert into timescaledb_information.compression_settings values ('public', 'beds', 'ward', 1, null, null,"
            " null), ('public', 'beds', 'at', null, 1, false, true)"
        )
    found = await advised(pg18_database, "beds")
    assert (found.facts.segment_by, found.facts.order_by) == (["ward"], ["at"])
    assert found.facts.distinct["ward"] == 5.0
    assert bool(found.defects) is (version != "2.29.2")
    assert found.facts.rows_per_batch == 1000.0


VISITS = """
create table visits (at timestamptz not null, ward int) partition by range (at);
create table visits_2026 partition of visits for values from ('2026-01-01Z') to ('2027-01-01Z');
insert into visits select '2026-03-14Z', n % 5 from generate_series(1, 1000) n;
analyze visits;
create role advisor login password 'x';
"""


async def test_a_role_that_may_not_read_the_columns_is_told_nothing_of_them(pg18_database: str) -> None:
    ask(pg18_database, VISITS)
    try:
        assert (await advised(pg18_database, "visits")).facts.distinct["ward"] == 5.0
        async with Database(target(pg18_database, user="advisor", password="x", passfile="/nonexistent")) as db:
            measures = await measure_tables(db)
            found = await report(db, named((await read_tables(db, measures)).tables, "visits"), measures)
        assert found.facts.distinct == {"at": None, "ward": None}
        assert found.advice
    finally:
        ask(pg18_database, "drop owned by advisor; drop role advisor")
