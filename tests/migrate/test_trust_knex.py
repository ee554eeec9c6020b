"""Tables of knex that belong to a stranger, or that he has changed, are written only if nothing of his runs by that."""

from pathlib import Path

import pytest

from console.errors import Refused
from console.migrate.reports import Event
from tests.migrate.strangers import Stranger, refused
from tests.migrate.test_knex import KNEX, is_locked, names
from tests.migrate.working import Told, ask, go_down, go_up, states, tables, write_tables


async def test_plain_tables_of_knex_may_belong_to_the_application(beside: Stranger, tmp_path: Path) -> None:
    write_tables(tmp_path, "first")
    beside.run(KNEX)
    assert (await go_up(beside.dsn, tmp_path)).error is None
    assert names(beside.dsn) == [("001_first.ts", 1)]
    assert (await go_down(beside.dsn, tmp_path)).error is None
    assert names(beside.dsn) == []


@pytest.mark.parametrize(
    "change",
    [
        "create trigger a before insert on knex_migrations for each row execute function spring()",
        "create trigger a before update on knex_migrations_lock for each row execute function spring()",
        "create rule a as on insert to knex_migrations do also select spring(1)",
        "alter table knex_migrations add check (spring(id))",
        "alter table knex_migrations add more boolean default spring(1)",
        "alter table knex_migrations_lock enable row level security",
        "create function calm(int) returns int immutable return $1; create index on knex_migrations (calm(id))",
        "create table watching (id int references knex_migrations on delete cascade)",
        "create domain d as int check (spring(value)); alter table knex_migrations add more d",
        "create table child () inherits (knex_migrations)",
        "drop table knex_migrations; create view knex_migrations as select '001_x'::text as name, 1 as batch, 1 as id",
    ],
)
async def test_tables_of_knex_that_are_more_than_plain(stranger: Stranger, tmp_path: Path, change: str) -> None:
    write_tables(tmp_path, "first")
    stranger.run(f"{KNEX}; {change}")
    with refused("(table|view) public.knex_migrations.* belongs to stranger.* and is more than a plain table"):
        await go_up(stranger.dsn, tmp_path)
    assert await states(stranger.dsn, tmp_path) == {"001": "unknown"}
    assert not stranger.caught


async def test_our_own_table_of_knex_with_a_strangers_trigger(beside: Stranger, tmp_path: Path) -> None:
    write_tables(tmp_path, "first")
    ask(beside.dsn, f"{KNEX}; grant all on knex_migrations to {beside.name}")
    beside.trap("knex_migrations")
    with refused("trigger a on public.knex_migrations runs a function of stranger"):
        await go_up(beside.dsn, tmp_path)
    assert not beside.caught


async def test_our_own_table_of_knex_with_our_own_trigger(beside: Stranger, tmp_path: Path) -> None:
    write_tables(tmp_path, "first")
    ask(beside.dsn, f"{KNEX}; create table seen (name text); grant all on knex_migrations to public")
    ask(
        beside.dsn,
        "create function notice() returns trigger language plpgsql as"
        " 'begin insert into public.seen values (new.name); return null; end';"
        " create trigger a after insert on knex_migrations for each row execute function notice()",
    )
    assert (await go_up(beside.dsn, tmp_path)).error is None
    assert ask(beside.dsn, "select name from seen") == [("001_first.ts",)]


@pytest.mark.parametrize("table", ["knex_migrations", "knex_migrations_lock"])
async def test_a_trap_that_is_set_while_the_engine_runs(beside: Stranger, tmp_path: Path, table: str) -> None:
    """The owner of the table sees in pg_stat_activity that a migration has begun."""
    write_tables(tmp_path, "first")
    beside.run(KNEX)

    class Waiting(Told):
        def append(self, event: Event) -> None:
            super().append(event)
            if event.event == "migration":
                beside.trap(table)

    result = await go_up(beside.dsn, tmp_path, told := Waiting())
    assert isinstance(result.error, Refused)
    assert result.done == []
    assert tables(beside.dsn) == ["knex_migrations", "knex_migrations_lock"]
    assert not beside.caught
    assert "The end of the run could not be written" in str(told.of("note")[-1].message)
    assert is_locked(beside.dsn) == 1
