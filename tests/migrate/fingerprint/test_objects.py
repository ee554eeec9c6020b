"""Every kind of object is seen: when it comes, when it changes, when it goes; and what is data is not."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
from pytest_asyncio import fixture

from console.db.session import Session
from console.demo.server import Cluster
from console.migrate.fingerprint.catalogue import fingerprint
from console.migrate.fingerprint.difference import Difference, Fingerprint, difference
from tests.fixtures.databases import fresh
from tests.migrate.fingerprint.conftest import undone
from tests.migrate.servers import on_both
from tests.migrate.working import ask
from tests.targets import target

in_the_session_s_loop = pytest.mark.asyncio(loop_scope="module")

BASE = """
create role fp_reader;
create schema extra;
create type mood as enum ('calm', 'cross');
create domain short as varchar(5) check (value <> '');
create type pair as (a int, b text);
create table parent (id int primary key);
create table t (
    id int generated always as identity, name varchar(20) not null default 'nobody', parent_id int references parent,
    feeling mood, whole text generated always as (name || '!') stored, tags text[] default '{}',
    constraint name_said check (name <> '')
);
create index t_name on t (name);
create statistics t_stats on name, feeling from t;
create view v as select id, name from t;
create materialized view m as select count(*) as n from t;
create sequence s;
create function f(a int, b text default 'x') returns int language sql as 'select a';
create procedure p() language sql as 'select 1';
create aggregate total(int) (sfunc = int4pl, stype = int, initcond = '0');
create function on_ddl() returns event_trigger language plpgsql as 'begin end';
create function on_change() returns trigger language plpgsql as 'begin return new; end';
create trigger tr before update on t for each row execute function on_change();
create policy pol on t for select using (name = 'a');
create rule r as on delete to v do instead nothing;
create table parts (id int, day date) partition by range (day);
create table parts_2026 partition of parts for values from ('2026-01-01') to ('2027-01-01');
create publication pub for table t;
create table loose (a varchar(20));
comment on table t is 'things';
grant select on t to fp_reader;
"""

CHANGES = [
    ("create table new (id int)", "+table public.new"),
    ("create table new (id int)", "+column public.new.id"),
    ("drop table t cascade", "-table public.t"),
    ("drop table t cascade", "-view public.v"),
    ("alter table t add column extra int", "+column public.t.extra"),
    ("alter table t add column extra int", "~table public.t"),
    ("alter table t drop column tags", "-column public.t.tags"),
    ("alter table t rename column tags to labels", "+column public.t.labels"),
    ("alter table loose alter column a type varchar(30)", "~column public.loose.a"),
    ("alter table t alter column name drop default", "~column public.t.name"),
    ("alter table t alter column tags set default '{a}'", "~column public.t.tags"),
    ('alter table loose alter column a type varchar(20) collate "C"', "~column public.loose.a"),
    ("alter table t alter column id drop identity", "~column public.t.id"),
    ("alter table t alter column whole drop expression", "~column public.t.whole"),
    ("alter table t enable row level security", "~table public.t"),
    ("alter table t force row level security", "~table public.t"),
    ("alter table t set (fillfactor = 50)", "~table public.t"),
    ("alter table loose set unlogged", "~table public.loose"),
    ("alter table t replica identity full", "~table public.t"),
    ("create table child () inherits (parent)", "+table public.child"),
    ("alter table t drop constraint name_said", "-constraint public.t.name_said"),
    ("alter table t add constraint later check (id > 0) not valid", "+constraint public.t.later"),
    ("alter table t drop constraint t_parent_id_fkey", "-constraint public.t.t_parent_id_fkey"),
    ("drop index t_name", "-index public.t_name"),
    ("create unique index t_two on t (name, id) where id > 5", "+index public.t_two"),
    ("update pg_index set indisvalid = false where indexrelid = 't_name'::regclass", "~index public.t_name"),
    ("drop statistics t_stats", "-statistics public.t_stats"),
    ("create or replace view v as select id, name from t where id > 0", "~view public.v"),
    ("alter view v set (security_barrier = true)", "~view public.v"),
    ("drop materialized view m", "-materialized view public.m"),
    ("alter sequence s increment 5", "~sequence public.s"),
    ("alter sequence s owned by t.id", "~sequence public.s"),
    ("create or replace function f(a int, b text default 'x') returns int language sql as 'select a + 1'",
     "~function public.f(integer, text)"),
    ("alter function f(int, text) security definer", "~function public.f(integer, text)"),
    ("alter function f(int, text) immutable", "~function public.f(integer, text)"),
    ("alter function f(int, text) strict", "~function public.f(integer, text)"),
    ("alter function f(int, text) set search_path = public", "~function public.f(integer, text)"),
    ("create function f(a int) returns int begin atomic select a; end", "+function public.f(integer)"),
    ("create or replace procedure p() language sql as 'select 2'", "~procedure public.p()"),
    ("create or replace aggregate total(int) (sfunc = int4pl, stype = int, initcond = '1')",
     "~aggregate public.total(integer)"),
    ("drop trigger tr on t", "-trigger public.t.tr"),
    ("alter table t disable trigger tr", "~trigger public.t.tr"),
    ("alter policy pol on t using (true)", "~policy public.t.pol"),
    ("alter policy pol on t to fp_reader", "~policy public.t.pol"),
    ("drop rule r on v", "-rule public.v.r"),
    ("alter type mood add value 'glad'", "~type public.mood"),
    ("alter type mood rename value 'cross' to 'angry'", "~type public.mood"),
    ("alter type pair add attribute c int", "~type public.pair"),
    ("alter domain short drop constraint short_check", "~domain public.short"),
    ("create type span as range (subtype = int)", "+type public.span"),
    ("create schema new", "+schema new"),
    ("create table extra.new (id int)", "+table extra.new"),
    ("create table parts_by_list (id int) partition by list (id)", "+table public.parts_by_list"),
    ("comment on table t is 'other things'", "~comment on table public.t"),
    ("comment on column t.name is 'who'", "+comment on column public.t.name"),
    ("comment on policy pol on t is 'why'", "+comment on policy public.t.pol"),
    ("grant insert on t to fp_reader", "~grant on table public.t to fp_reader"),
    ("revoke select on t from fp_reader", "-grant on table public.t to fp_reader"),
    ("grant update (name) on t to fp_reader", "+grant on column public.t.name to fp_reader"),
    ("revoke execute on function f(int, text) from public", "-grant on function public.f(integer, text) to PUBLIC"),
    ("grant usage on schema extra to fp_reader with grant option", "+grant on schema extra to fp_reader"),
    ("alter table t owner to fp_reader", "~owner of table public.t"),
    ("alter default privileges in schema extra grant select on tables to fp_reader",
     "+default grant on tables of postgres in extra to fp_reader"),
    ("create event trigger et on ddl_command_end execute function on_ddl()", "+event trigger et"),
]  # fmt: skip

OTHERWISE = [
    ("alter table t alter column name drop not null", "~column public.t.name"),
    ("alter domain short set not null", "~domain public.short"),
    ("create publication everything for all tables", "+publication everything"),
    ("alter publication pub add table parent", "~publication pub"),
]  # fmt: skip
"""What the catalogues of 15 hold in another way, or what they are asked there in other words."""

DATA = [
    "insert into parent values (1); insert into t (name, parent_id) values ('a', 1)",
    "refresh materialized view m",
    "select nextval('s')",
    "create table parts_2027 partition of parts for values from ('2027-01-01') to ('2028-01-01')",
    "drop table parts_2026",
    "create schema emr_console; create table emr_console.run (id int)",
    "create table knex_migrations (id serial primary key, name varchar(255))",
    "create table knex_migrations_lock (index serial primary key, is_locked int)",
    "create temp table t (id int)",
    "create extension pg_trgm; create extension pg_stat_statements",
    "analyze",
]


@dataclass(frozen=True, slots=True)
class Base:
    """A database with the objects of BASE."""

    session: Session
    """What asks there."""
    before: Fingerprint
    """What it looks like."""

    async def changed(self, statements: str) -> Difference:
        """What statements do to it, which are rolled back then."""
        async with undone(self.session):
            await self.session.execute(statements)
            return difference(self.before, await fingerprint(self.session))

    async def seen(self, statements: str) -> list[str]:
        """Which objects they add (+), remove (-) and change (~)."""
        found = await self.changed(statements)
        names = {"+": found.added, "-": found.removed, "~": found.changed}
        return [f"{sign}{name}" for sign, objects in names.items() for name in objects]


@fixture(scope="module", loop_scope="module")
async def base(cluster: Cluster) -> AsyncIterator[Base]:
    """One for the module, with one session: a catalogue that is known already is read in a third of the time."""
    with fresh(cluster) as dsn:
        async with await Session.open(target(dsn), "test") as session:
            session.never_prepare()
            await session.execute(BASE)
            yield Base(session, await fingerprint(session))
    ask(cluster.dsn("postgres"), "drop role fp_reader")


@in_the_session_s_loop
@pytest.mark.parametrize(("statements", "expected"), CHANGES)
async def test_a_change_is_seen(base: Base, statements: str, expected: str) -> None:
    assert expected in await base.seen(statements)


@on_both
@in_the_session_s_loop
@pytest.mark.parametrize(("statements", "expected"), OTHERWISE)
async def test_so_it_is_where_15_differs(base: Base, statements: str, expected: str) -> None:
    assert expected in await base.seen(statements)


@in_the_session_s_loop
@pytest.mark.parametrize("statements", DATA)
async def test_data_are_no_schema(base: Base, statements: str) -> None:
    assert await base.changed(statements) == Difference()


@on_both
def test_nothing_is_seen_twice_or_left_empty(base: Base) -> None:
    found = base.before.objects
    assert found["table public.parts"] == "id, day; partitioned by RANGE (day)"
    assert found["column public.t.whole"].startswith("text generated always, stored default ")
    assert found["grant on table public.t to fp_reader"] == "SELECT"
    assert [name for name, text in found.items() if not text or "\n" in text] == []
    assert [name for name in found if "parts_2026" in name] == []


@on_both
async def test_a_key_to_a_partitioned_table_is_one_key(session: Session) -> None:
    await session.execute("create table p (id int primary key) partition by range (id)")
    await session.execute("create table p1 partition of p for values from (1) to (2)")
    await session.execute("create table p2 partition of p for values from (2) to (3)")
    await session.execute("create table child (p int references p)")
    found = (await fingerprint(session)).objects
    assert [name for name in found if "FOREIGN KEY" in found[name]] == ["constraint public.child.child_p_fkey"]


async def test_a_column_that_was_dropped_leaves_no_hole(session: Session) -> None:
    await session.execute("create table t (a int, b int)")
    before = await fingerprint(session)
    await session.execute("alter table t add column c int; alter table t drop column c")
    assert await fingerprint(session) == before


async def test_the_order_of_columns_counts(session: Session) -> None:
    await session.execute("create table t (a int, b int)")
    before = await fingerprint(session)
    await session.execute("drop table t; create table t (b int, a int)")
    assert difference(before, await fingerprint(session)).changed.keys() == {"table public.t"}
