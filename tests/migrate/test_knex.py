"""knex's tables are kept true where they exist, and its lock is respected."""

from pathlib import Path

import pytest

from console.errors import ConsoleError, Exit
from tests.migrate.working import Told, ask, go_down, go_up, one, read_status, tables, write, write_tables

KNEX = """
create table knex_migrations (id serial primary key, name varchar(255), batch integer, migration_time timestamptz);
create table knex_migrations_lock ("index" serial primary key, is_locked integer);
insert into knex_migrations_lock (is_locked) values (0);
"""


@pytest.fixture
def with_knex(pg18_database: str) -> str:
    """A database where knex has been, though it applied nothing."""
    ask(pg18_database, KNEX)
    return pg18_database


def names(dsn: str) -> list[tuple[str, int]]:
    """What knex believes."""
    return [(name, batch) for name, batch in ask(dsn, "select name, batch from knex_migrations order by id")]


def is_locked(dsn: str) -> int:
    """knex's lock row."""
    return int(one(dsn, "select is_locked from knex_migrations_lock"))


async def test_its_table_follows(with_knex: str, tmp_path: Path) -> None:
    write_tables(tmp_path, "first", "second")
    await go_up(with_knex, tmp_path)
    assert names(with_knex) == [("001_first.ts", 1), ("002_second.ts", 1)]
    await go_down(with_knex, tmp_path)
    assert names(with_knex) == [("001_first.ts", 1)]
    assert is_locked(with_knex) == 0


async def test_a_failed_migration_is_not_in_it(with_knex: str, tmp_path: Path) -> None:
    write(tmp_path, "001_first", up="select 1; select nothing")
    await go_up(with_knex, tmp_path)
    assert names(with_knex) == []
    assert is_locked(with_knex) == 0


async def test_its_lock_is_set_meanwhile(with_knex: str, tmp_path: Path) -> None:
    """And both tables are found after a file that looks elsewhere."""
    write(
        tmp_path,
        "001_first",
        up="do $$ begin if (select is_locked from knex_migrations_lock) <> 1 then raise 'free'; end if; end $$",
    )
    write(tmp_path, "002_second", up="set search_path = pg_catalog")
    assert (await go_up(with_knex, tmp_path)).error is None
    assert ask(with_knex, "select knex_locked, outcome from emr_console.run") == [(True, "done")]
    assert is_locked(with_knex) == 0
    assert names(with_knex) == [("001_first.ts", 1), ("002_second.ts", 1)]


async def test_a_lock_of_knex_is_respected(with_knex: str, tmp_path: Path) -> None:
    write_tables(tmp_path, "first")
    ask(with_knex, "update knex_migrations_lock set is_locked = 1")
    with pytest.raises(ConsoleError, match="knex runs now, or a run of it died") as caught:
        await go_up(with_knex, tmp_path)
    assert caught.value.exit == Exit.LOCKED
    assert tables(with_knex) == ["knex_migrations", "knex_migrations_lock"]
    assert one(with_knex, "select count(*) from emr_console.run") == 0


async def test_a_lock_that_a_dead_run_of_ours_left_is_cleared(with_knex: str, tmp_path: Path) -> None:
    write(tmp_path, "001_first", up="select pg_terminate_backend(pg_backend_pid())")
    await go_up(with_knex, tmp_path)
    assert is_locked(with_knex) == 1
    write(tmp_path, "001_first", up="select 1")
    assert (await go_up(with_knex, tmp_path, told := Told())).done == ["001"]
    assert "knex's lock, which it had set, was cleared" in str(told.of("note")[0].message)
    assert is_locked(with_knex) == 0


async def test_it_is_cleared_also_where_nothing_is_pending(with_knex: str, tmp_path: Path) -> None:
    """A run that was killed after its last COMMIT."""
    write(tmp_path, "001_first", up="select 1")
    await go_up(with_knex, tmp_path)
    ask(with_knex, "update emr_console.run set finished_at = null, outcome = null, knex_locked = true")
    ask(with_knex, "update knex_migrations_lock set is_locked = 1")
    assert (await go_up(with_knex, tmp_path, told := Told())).done == []
    assert [note.message or "" for note in told.of("note")][1:] == ["Nothing is pending."]
    assert is_locked(with_knex) == 0
    assert one(with_knex, "select count(*) from emr_console.run where finished_at is null") == 0


async def test_what_knex_applied_has_to_be_adopted_first(with_knex: str, tmp_path: Path) -> None:
    write_tables(tmp_path, "first", "second")
    ask(with_knex, "insert into knex_migrations (name, batch) values ('001_first.ts', 3), ('not_one_of_ours.js', 3)")
    found = await read_status(with_knex, tmp_path)
    assert [(row.version, row.state, row.batch) for row in found.rows] == [
        ("001", "unknown", 3),
        ("002", "pending", None),
    ]
    with pytest.raises(ConsoleError, match=r"^Recorded in knex's table but .*: 001_first\.$") as caught:
        await go_up(with_knex, tmp_path)
    assert caught.value.exit == Exit.REFUSED


async def test_batches_count_on_from_knex(with_knex: str, tmp_path: Path) -> None:
    write_tables(tmp_path, "first")
    ask(with_knex, "insert into knex_migrations (name, batch) values ('not_one_of_ours.js', 7)")
    await go_up(with_knex, tmp_path)
    assert names(with_knex)[-1] == ("001_first.ts", 8)


async def test_it_is_never_made(with_first: str, tmp_path: Path) -> None:
    assert tables(with_first) == ["first"]
