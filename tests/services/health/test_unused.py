"""Large indexes that nobody uses: the health check and the indexes tab say the same of them."""

import psycopg

from console.config.health import Health
from console.db.database import Database
from console.panes.database.indexes.service import read_indexes
from console.services.health import service
from tests.migrate.servers import on_both
from tests.targets import target

SCHEMA = """
create table p (at date not null, v int, w int not null, constraint p_pkey primary key (v, at)) partition by range (at);
create table p1 partition of p for values from ('2026-01-01') to ('2026-07-01');
create table p2 partition of p for values from ('2026-07-01') to ('2027-01-01');
insert into p select date '2026-01-01' + n % 365, n, n from generate_series(1, 20000) n;
create index p_used on p ((w + 1));
create index p_unused on p (w, at);
create unique index p_only on p1 (w);
alter table p1 replica identity using index p_only;
analyze;
set enable_seqscan = off;
set enable_bitmapscan = off;
select from p2 where w + 1 = 5;
select pg_stat_force_next_flush()
"""


@on_both
async def test_a_whole_tree_of_partitions_is_one_index(database: str) -> None:
    """None of its parts is as large as it is, and one that is read in some partitions is used."""
    with psycopg.connect(database, autocommit=True) as admin:
        for statement in SCHEMA.split(";\n"):
            admin.execute(statement.encode())
    async with Database(target(database)) as db:
        tab = {index.row.name: index for index in (await read_indexes(db)).indexes}
        largest = tab["p_unused"].bytes
        for least in (1, largest, largest + 1):
            found = {each.id: each.verdict for each in await service.examine(db, Health(unused_index=least))}["D15"]
            told = [name for name, index in tab.items() if index.unused and index.bytes >= least]
            assert found.value == len(told)
            assert found.evidence.endswith("largest: public.p_unused" if told else "every large index is used")
    assert [name for name, index in tab.items() if index.unused] == ["p_unused"]
