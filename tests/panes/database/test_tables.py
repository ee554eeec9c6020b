"""The tables tab: every figure beside the answer of another question, trees as a whole."""

from collections.abc import Sequence
from typing import Any

import psycopg
import pytest

from console.db.database import Database
from console.panes.database.tables import service
from console.panes.database.tables.models import Table
from tests.migrate.servers import on_both
from tests.targets import target

TREE = """
create table whole (at date not null, v text) partition by range (at);
create table y1 partition of whole for values from ('2025-01-01') to ('2026-01-01');
create table y2 partition of whole for values from ('2026-01-01') to ('2027-01-01') partition by range (at);
create table y2a partition of y2 for values from ('2026-01-01') to ('2026-07-01');
create table y2b partition of y2 for values from ('2026-07-01') to ('2027-01-01');
create index whole_at on whole (at);
insert into whole select date '2025-01-01' + n % 700, repeat(md5(n::text), 200) from generate_series(1, 4000) n;
create schema other;
create table other."Odd name" (id int primary key, v text);
insert into other."Odd name" select n, 'x' from generate_series(1, 5000) n;
create materialized view seen as select * from other."Odd name" where id < 100;
create table untouched (id int);
insert into untouched select generate_series(1, 10);
"""

PARTS = "(select relid from pg_partition_tree(%(t)s::regclass) union select %(t)s::regclass)"

COUNTERS = f"""
select sum(n_live_tup)::bigint, sum(n_dead_tup)::bigint, sum(seq_scan)::bigint, sum(idx_scan)::bigint,
       sum(n_mod_since_analyze)::bigint, max(last_vacuum), max(last_analyze)
  from pg_stat_user_tables s join pg_class c on c.oid = s.relid and c.relkind <> 'p'
 where relid in {PARTS}
"""

TOTAL = f"select sum(pg_total_relation_size(relid))::bigint from {PARTS} parts"


def settle(admin: psycopg.Connection[Any]) -> None:
    """What was counted is told at once, not a second later."""
    admin.execute("select pg_stat_force_next_flush()")


@pytest.fixture
def filled(database: str) -> str:
    with psycopg.connect(database, autocommit=True) as admin:
        admin.execute(TREE.encode())
        settle(admin)  # or else what was inserted is counted twice: by VACUUM, and when it is told
        admin.execute("vacuum analyze whole")
        admin.execute('vacuum analyze other."Odd name"')
        admin.execute("analyze seen")
        admin.execute('delete from other."Odd name" where id > 2500')
        admin.execute('set enable_seqscan = off; select from other."Odd name" where id = 5')
        settle(admin)
    return database


def named(tables: Sequence[Table], label: str) -> Table:
    return next(table for table in tables if table.label == label)


@on_both
async def test_every_figure_is_that_of_the_catalogue(filled: str) -> None:
    async with Database(target(filled)) as db:
        found = (await service.read_tables(db)).tables
    assert {table.label: table.kind for table in found} == {
        "whole": "partitioned",
        "other.Odd name": "table",
        "seen": "materialized",
        "untouched": "table",
    }
    with psycopg.connect(filled, autocommit=True) as admin:
        for label, name in (("whole", "whole"), ("other.Odd name", 'other."Odd name"')):
            table = named(found, label).relation
            (on_disk,) = admin.execute(TOTAL.encode(), {"t": name}).fetchone() or (0,)
            assert table.bytes == pytest.approx(on_disk, rel=0.1), "the last VACUUM was just now"
            counted = admin.execute(COUNTERS.encode(), {"t": name}).fetchone()
            assert counted == (
                table.live_rows, table.dead_rows, table.seq_scans, table.index_scans, table.changed_rows,
                table.vacuumed, table.analyzed,
            )  # fmt: skip
    whole, odd = named(found, "whole"), named(found, "other.Odd name")
    assert (whole.relation.parts, whole.relation.rows) == (3, 4000)
    assert (odd.relation.dead_rows, odd.relation.rows, odd.level) == (2500, 5000, "crit")
    assert (whole.level, whole.relation.index_scans) == ("ok", 0)
    assert (odd.relation.vacuum_age or -1) >= 0


async def test_what_was_never_looked_at_says_so(filled: str) -> None:
    async with Database(target(filled)) as db:
        table = named((await service.read_tables(db)).tables, "untouched")
    row = table.relation
    assert (row.bytes, row.unmeasured, row.rows, row.analyzed) == (0, 1, 10, None)


async def test_measured_sizes_are_those_on_disk(filled: str) -> None:
    async with Database(target(filled)) as db:
        sizes = await service.measure(db)
        found = (await service.read_tables(db)).tables
    with psycopg.connect(filled, autocommit=True) as admin:
        for label, name in (("whole", "whole"), ("untouched", "untouched")):
            (size,) = admin.execute(TOTAL.encode(), {"t": name}).fetchone() or (None,)
            assert sizes[named(found, label).relation.oid] == size


async def test_one_table_in_detail(filled: str) -> None:
    async with Database(target(filled)) as db:
        found = (await service.read_tables(db)).tables
        more = await service.detail(db, named(found, "other.Odd name"))
        assert more is not None
        assert (more.inserted, more.deleted, more.vacuums, more.indexes) == (5000, 2500, 1, 1)
        with psycopg.connect(filled, autocommit=True) as admin:
            admin.execute("drop materialized view seen")
        assert await service.detail(db, named(found, "seen")) is None


async def test_an_empty_database_has_no_tables(pg18_database: str) -> None:
    async with Database(target(pg18_database)) as db:
        assert (await service.read_tables(db)).tables == []
