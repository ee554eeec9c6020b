"""The indexes tab: which are broken, double, covered or unused, and that what it offers to run works."""

from collections.abc import Mapping

import psycopg
import pytest

from console.db.database import Database
from console.panes.database.indexes import service
from console.panes.database.indexes.models import Index
from console.panes.database.indexes.rows import blocks, facts
from console.panes.database.tables import service as tables
from tests.migrate.servers import on_both
from tests.targets import target

SCHEMA = """
create table t (id int primary key, a int, b int, c text, d int);
insert into t select n, n %% 7, n, 'x' || n, 1 from generate_series(1, 2000) n;
create index t_a on t (a);
create index t_a_b on t (a, b);
create index t_a_twice on t (a) include (b);
create index t_b_one on t (b);
create index t_b_two on t (b);
create index t_b_desc on t (b desc);
create index t_b_some on t (b) where a = 1;
create unique index t_b_only on t (b);
create index "t C" on t (lower(c)) with (fillfactor = 70);
comment on index "t C" is 'for the search; it''s slow';
create table p (at date not null, v int) partition by range (at);
create table p1 partition of p for values from ('2026-01-01') to ('2027-01-01');
create index p_v on p (v);
""".replace("%%", "%")


@pytest.fixture
def filled(database: str) -> str:
    with psycopg.connect(database, autocommit=True) as admin:
        admin.execute(SCHEMA.encode())
        with pytest.raises(psycopg.errors.UniqueViolation):
            admin.execute("create unique index concurrently t_d on t (d)")
        admin.execute("vacuum analyze t")
        admin.execute("set enable_seqscan = off; set enable_bitmapscan = off; select from t where lower(c) = 'x5'")
        admin.execute("select pg_stat_force_next_flush()")
    return database


async def read(dsn: str) -> dict[str, Index]:
    async with Database(target(dsn)) as db:
        return {index.row.name: index for index in (await service.read_indexes(db)).indexes}


def findings(found: Mapping[str, Index]) -> dict[str, str | None]:
    return {name: index.finding for name, index in found.items()}


@on_both
async def test_what_each_is_beside_the_others(filled: str) -> None:
    found = await read(filled)
    assert findings(found) == {
        "t_d": "invalid",
        "t_a": "covered by t_a_b",
        "t_a_twice": "unused",
        "t_b_one": "same as t_b_only",
        "t_b_two": "same as t_b_only",
        "t_a_b": "unused",
        "t_b_desc": "unused",
        "t_b_some": "unused",
        "p_v": "unused",
        "t_b_only": None,
        "t_pkey": None,
        "t C": None,
    }
    assert [index.finding for index in found.values()][:4] == ["invalid", *["same as t_b_only"] * 2, "covered by t_a_b"]
    assert found["t C"].row.scans == 1
    assert found["p_v"].row.parts == 1


async def test_every_figure_is_that_of_the_catalogue(filled: str) -> None:
    found = await read(filled)
    async with Database(target(filled)) as db:
        sizes = await service.measure(db)
    with psycopg.connect(filled, autocommit=True) as admin:
        rows = admin.execute(
            "select indexrelname, idx_scan, pg_relation_size(indexrelid), indexrelid::bigint from pg_stat_user_indexes"
            " where relname = 't' and indexrelname <> 't_d'"
        ).fetchall()
    assert {(name, found[name].row.scans, found[name].bytes, sizes[found[name].row.oid]) for name, *_ in rows} == {
        (name, scans, size, size) for name, scans, size, _ in rows
    }


@on_both
async def test_what_it_offers_drops_the_index_and_makes_it_again(filled: str) -> None:
    found = await read(filled)
    for name in ("t_d", "t_pkey", "t_b_only"):
        assert found[name].drop is None or found[name].invalid
    with psycopg.connect(filled, autocommit=True) as admin:
        for name in ("t_a", "t_b_two", "t_b_some", "p_v", "t C"):
            index = found[name]
            assert index.drop is not None
            assert index.undo is not None
            admin.execute(index.drop.encode())
            gone = admin.execute("select to_regclass(%s)", [index.row.quoted]).fetchone()
            assert gone == (None,)
            for line in index.undo.splitlines():
                admin.execute(line.encode())
    again = await read(filled)
    for name in ("t_a", "t_b_two", "t_b_some", "p_v", "t C"):
        assert again[name].row.definition == found[name].row.definition
        assert again[name].row.quoted_comment == found[name].row.quoted_comment
        assert again[name].row.parts == found[name].row.parts


async def test_its_constants_are_copied_and_not_shown(pg18_database: str) -> None:
    with psycopg.connect(pg18_database, autocommit=True) as admin:
        admin.execute("create table t (v text); create index spare on t (v) where v <> 'MRN-4711'")
        admin.execute("comment on index spare is 'Jane Doe'")
    index = (await read(pg18_database))["spare"]
    *_, undo = blocks(index)
    assert "MRN" not in undo.text + str(index.as_json()) + index.row.model_dump_json()
    assert "Doe" not in undo.text + str(index.as_json()) + index.row.model_dump_json()
    assert "v <> ?::text" in undo.text
    assert "v <> 'MRN-4711'::text" in undo.copied
    assert "'Jane Doe'" in undo.copied


async def test_a_locked_table_hides_only_what_its_own_indexes_are_made_of(filled: str) -> None:
    """What spells a definition, and what looks at a file, takes a lock, and would wait for whoever has the table."""
    with psycopg.connect(filled) as holder:
        holder.execute("lock table p, p1")
        async with Database(target(filled)) as db:
            found = await service.read_indexes(db)
            listed = await tables.read_tables(db)
            sizes, sums = await service.measure(db), await tables.measure(db)
    by_name = {index.row.name: index for index in found.indexes}
    locked, known = by_name["p_v"], by_name["t_a"]
    assert (found.locked, locked.row.definition, locked.drop, locked.undo) == (["p"], None, None, None)
    assert dict(facts(locked, found))["index"] == "public.p_v"
    assert "locked exclusively" in blocks(locked)[0].text
    assert locked.as_json()["definition"] is None
    assert known.finding == "covered by t_a_b"
    assert {table.relation.name for table in listed.tables} == {"t", "p"}
    assert [locked.row.oid in sizes, known.row.oid in sizes] == [True, True]
    assert {table.relation.name for table in listed.tables if table.relation.oid in sums} == {"t"}


async def test_an_invalid_one_can_be_built_anew(filled: str) -> None:
    found = await read(filled)
    with psycopg.connect(filled, autocommit=True) as admin:
        admin.execute("delete from t where id > 1")
        admin.execute(found["t_d"].rebuild.encode())
    assert not (await read(filled))["t_d"].invalid


async def test_what_extensions_and_catalogues_have_is_left_out(pg18_migrated: str) -> None:
    found = await read(pg18_migrated)
    with psycopg.connect(pg18_migrated, autocommit=True) as admin:
        (count,) = admin.execute(
            "select count(*) from pg_class c join pg_namespace n on n.oid = c.relnamespace"
            " where c.relkind in ('i', 'I') and not c.relispartition and n.nspname in ('public', 'emr_console')"
        ).fetchone() or (None,)
    assert len(found) == count
