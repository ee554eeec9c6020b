"""Steps are tried on a scratch database: what they do, what comes back, what they lock; the live one is not touched."""

from pathlib import Path

from console.migrate.kinds.models import Lock
from console.migrate.selection import Back
from tests.migrate.rehearsal.staging import OWN, rehearse_down, rehearse_up, scratch_databases
from tests.migrate.servers import on_both
from tests.migrate.working import ask, go_up, tables, write, write_tables


async def test_our_own_migrations_come_back_exactly(database: str) -> None:
    rows = await rehearse_up(database, OWN)
    assert [(row.version, row.direction, row.exact) for row in rows] == [
        (version, "up", True) for version in ("001", "002", "003", "004", "005")
    ]
    assert all(row.error is None and row.back_error is None and row.seconds > 0 for row in rows)
    assert tables(database) == []
    assert scratch_databases(database) == []


@on_both
async def test_their_effect_and_locks(database: str, tmp_path: Path) -> None:
    write(tmp_path, "001_first", up="create table t (id int)", down="drop table t")
    write(
        tmp_path,
        "002_second",
        up="select 1;\nalter table t add column a int;\ncreate table u (id int);\ninsert into t values (1)",
        down="drop table u; alter table t drop column a",
    )
    first, second = await rehearse_up(database, tmp_path)
    assert first.effect.sentence() == "1 added (table public.t)"
    assert "column public.t.a" in second.effect.added
    assert [(each.number, each.line, each.locks) for each in second.statements] == [
        (1, 1, ()),
        (2, 2, (Lock("public.t", "ACCESS EXCLUSIVE"),)),
        (3, 3, ()),
        (4, 4, ()),
    ]


async def test_a_partition_is_locked_under_its_tables_name(database: str, tmp_path: Path) -> None:
    write(
        tmp_path,
        "001_first",
        up="create table p (id int) partition by range (id); create table p1 partition of p for values from (1) to (9)",
        down="drop table p",
    )
    write(tmp_path, "002_second", up="alter table p1 set (fillfactor = 50)", down="alter table p1 reset (fillfactor)")
    _, second = await rehearse_up(database, tmp_path)
    assert second.statements[0].locks == (Lock("public.p", "SHARE UPDATE EXCLUSIVE"),)


async def test_what_a_way_back_leaves(database: str, tmp_path: Path) -> None:
    write(tmp_path, "001_first", up="create table t (id int); create type k as enum ('a')", down="drop table t")
    write(tmp_path, "002_second", up="alter type k add value if not exists 'b'", down="select 1")
    first, second = await rehearse_up(database, tmp_path, to="001"), await rehearse_up(database, tmp_path)
    assert first[0].back_error is not None  # the type is still there when it goes up again
    assert first[0].stays is not None
    assert first[0].stays.added.keys() == {
        "type public.k",
        "owner of type public.k",
        "grant on type public.k to PUBLIC",
    }
    assert first[0].exact is None
    assert len(second) == 1  # the stage is not what 002 needs


async def test_a_partial_inverse_goes_on(database: str, tmp_path: Path) -> None:
    write(tmp_path, "001_first", up="create type k as enum ('a')", down="drop type k")
    write(tmp_path, "002_second", up="alter type k add value if not exists 'b'", down="select 1")
    first, second = await rehearse_up(database, tmp_path)
    assert (first.exact, second.exact) == (True, False)
    assert second.stays is not None
    assert second.stays.changed == {"type public.k": ("enum 'a'", "enum 'a', 'b'")}


async def test_a_step_that_fails_ends_it(database: str, tmp_path: Path) -> None:
    write(tmp_path, "001_first", up="create table t (id int);\nselect nothing", down="drop table t")
    write(tmp_path, "002_second", up="select 1")
    (row,) = await rehearse_up(database, tmp_path)
    assert row.error is not None
    assert row.error.startswith("001_first.up.sql, line 2: The server refused the statement (42703)")
    assert scratch_databases(database) == []


async def test_a_way_back_that_fails_is_told(database: str, tmp_path: Path) -> None:
    write(tmp_path, "001_first", up="create table t (id int)", down="drop table nothing")
    write(tmp_path, "002_second", up="alter table t add a int", down="alter table t drop a")
    first, second = await rehearse_up(database, tmp_path)
    assert "drop" not in (first.error or "")
    assert "001_first.down.sql, line 1: The server refused" in str(first.back_error)
    assert (first.exact, second.exact) == (None, True)


async def test_an_irreversible_one_is_only_tried(database: str, tmp_path: Path) -> None:
    write(tmp_path, "001_first", up='-- emr: irreversible = "a test"\ncreate table t (id int)', down=None)
    (row,) = await rehearse_up(database, tmp_path)
    assert (row.exact, row.error, row.stays) == (None, None, None)


async def test_outside_a_transaction(database: str, tmp_path: Path) -> None:
    off = "-- emr: transaction = off\n"
    write(tmp_path, "001_first", up="create table t (id int)", down="drop table t")
    write(
        tmp_path,
        "002_second",
        up=f"{off}create index concurrently i on t (id)",
        down=f"{off}drop index concurrently i",
    )
    _, second = await rehearse_up(database, tmp_path)
    assert second.exact is True
    assert second.statements[0].locks is None


async def test_a_rollback_tells_what_goes_cascades_included(database: str, tmp_path: Path) -> None:
    write(tmp_path, "001_first", up="create table t (id int primary key)", down="drop table t cascade")
    write(
        tmp_path,
        "002_second",
        up="create table child (t int references t); create view v as select id from t",
        down="drop view v; drop table child",
    )
    await go_up(database, tmp_path)
    ask(database, "insert into t values (1)")
    (last,) = await rehearse_down(database, tmp_path, back=Back())
    assert (last.version, last.direction, last.exact) == ("002", "down", True)
    write(tmp_path, "002_second", up=(tmp_path / "002_second.up.sql").read_text("utf-8"), down="select 1")
    second, first = await rehearse_down(database, tmp_path, back=Back(all=True))
    assert second.stays is not None
    assert "table public.child" in second.stays.added
    assert {"table public.t", "view public.v", "constraint public.child.child_t_fkey"} <= first.effect.removed.keys()
    assert tables(database) == ["child", "t"]


async def test_what_others_made_is_named(database: str, tmp_path: Path) -> None:
    write_tables(tmp_path, "first", "second")
    await go_up(database, tmp_path, to="001")
    ask(database, "create view by_hand as select id from first")
    said: list[str] = []
    await rehearse_up(database, tmp_path, said=said)
    assert said[1].startswith("This database is not what its migrations make")
    assert "1 added (view public.by_hand)" in said[1]
