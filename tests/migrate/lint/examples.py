"""For every rule of lint a migration that breaks it and one that does the same well."""

from typing import NamedTuple

BASE = """
create type mood as enum ('sad', 'ok');
create table users (id uuid primary key, name text);
create table tasks (id uuid primary key, title text, department_id uuid, at timestamptz not null);
create index tasks_title on tasks (title);
create function me() returns uuid language sql as 'select null::uuid';
create function touch() returns trigger language plpgsql as $$ begin return new; end $$;
create table secrets (id uuid primary key, owner_id uuid);
alter table secrets enable row level security;
create policy mine on secrets using (owner_id = me());
"""
"""The migration before every example."""

BASE_DOWN = """
drop table secrets;
drop table tasks;
drop table users;
drop function touch();
drop function me();
drop type mood;
"""

HYPERTABLE = """
create table events (id uuid not null, kind text, at timestamptz not null, primary key (id, at));
select create_hypertable('events', 'at');
"""
COMPRESSED = f"""{HYPERTABLE}
alter table events set (timescaledb.compress, timescaledb.compress_orderby = 'at desc, id');
select add_compression_policy('events', interval '90 days');
"""
HOURLY = f"""{HYPERTABLE}
create materialized view hourly with (timescaledb.continuous) as
select time_bucket('1 hour', at) as hour, kind, count(*) as n from events group by 1, 2 with no data;
"""
"""Further migrations before an example, with their downs left out."""


class Example(NamedTuple):
    """One migration after BASE."""

    rule: str
    """The rule that it is about."""
    up: str
    """Its up."""
    down: str = "select 1"
    """Its down."""
    before: str = ""
    """The up of a migration between BASE and it."""


BAD = [
    Example("EM01", "create index concurrently i on tasks (at)"),
    Example("EM01", "vacuum tasks"),
    Example("EM01", "-- emr: transaction = off\ncreate table n (id int); create index concurrently i on tasks (at)"),
    Example("EM02", "do $$ begin delete from tasks; commit; end $$"),
    Example("EM02", "do $$ begin if true then rollback and chain; end if; end $$"),
    Example("EM05", "create table n (id int)", "drop table if exists n"),
    Example("EM05", "alter table tasks add column n int", "alter table tasks drop column if exists n"),
    Example("EM06", "create table n (id int)", "drop table n; drop table tasks"),
    Example("EM06", "create table n (id int)", "drop table n; drop index tasks_title"),
    Example("EM06", "alter table tasks add column n int", "alter table tasks drop column n, drop column title"),
    Example("EM06", "create table n (id int)", "drop table n; drop view nobody_made"),
    Example("EM06", "select 1", "alter table tasks rename to chores"),
    Example(
        "EM07", "create table n (id int); create index n_id on n (id); create type t as enum ('a')", "drop table n"
    ),
    Example("EM07", "create index i on tasks (at)"),
    Example("EM07", "alter table tasks add constraint c check (title <> ''), add column n int", "select 1"),
    Example("EM08", "create table n (id int)", "drop table n cascade"),
    Example("EM08", "alter table tasks add column n int", "alter table tasks drop column n cascade"),
    Example("EM08", "drop view if exists v cascade"),
    Example("EM09", "alter table secrets disable row level security", "alter table secrets enable row level security"),
    Example("EM09", "select 1", "drop policy mine on secrets"),
    Example("EM09", "create policy p on secrets using (true)", "drop policy p on secrets"),
    Example("EM10", "create trigger t before insert on tasks for each row execute function nobody_made()"),
    Example("EM10", "create policy p on tasks using (department_id = my_department())"),
    Example("EM10", "alter table tasks add column token uuid default uuid_generate_v4()"),
    Example("EM10", "create table n (id uuid default uuid_generate_v4() primary key)", "drop table n"),
    Example("EM10", 'create extension "uuid-ossp"; create policy p on tasks using (department_id = my_department())'),
    Example(
        "EM11", "create policy p on tasks using (department_id = (select department_id from users where id = me()))"
    ),
    Example("EM11", "create policy p on tasks with check (exists (select 1 from users u where u.id = title::uuid))"),
    Example("EM12", "alter type mood add value 'great'; create table n (m mood default 'great')"),
    Example("EM12", "alter type mood add value 'great';\nselect 1; select 'great'::mood"),
    Example("EM12", "alter type mood add value 'great'; do $$ begin update n set m = 'great'; end $$"),
    Example("EM13", "alter type mood add value 'great'"),
    Example("EM14", "create view v as select t.*, 1 as one from tasks as t"),
    Example("EM14", "create materialized view v as select * from tasks"),
    Example("EM14", "create view v as select t.id, u.* from tasks t, users u"),
    Example("EM15", "create view v as select id from secrets"),
    Example(
        "EM15", "create view v with (security_invoker = false) as select s.id from users u join secrets s using (id)"
    ),
    Example("EM15", "alter table tasks enable row level security", before="create view v as select id from tasks"),
    Example("EM15", "alter table secrets rename to old; create view v as select id from old"),
    Example("EM16", "set lock_timeout = '1s'"),
    Example("EM16", "set session work_mem = '4MB'"),
    Example("EM16", "select set_config('a.b', 'c', false)"),
    Example("EM16", "do $$ begin set search_path = x; end $$"),
    Example("EM17", "create function n() returns int language sql security definer as 'select 1'", "drop function n()"),
    Example("EM18", "create role r login password 'secret'"),
    Example("EM18", "do $$ begin alter user r with encrypted password 'secret'; end $$"),
    Example("EM19", "select pg_advisory_unlock_all()"),
    Example("EM19", "do $$ begin if pg_advisory_unlock(1) then null; end if; end $$"),
    Example("EM19", "discard all"),
    Example("EM19", "set role admin"),
    Example("EM19", "set session authorization admin"),
    Example("EM19", "-- emr: precondition = select pg_advisory_unlock_all() is null\nselect 1"),
    Example("EM19", "-- emr: transaction = off\n-- emr: probe = select pg_advisory_unlock(1)\nvacuum tasks"),
    Example("EM20", "create table n (like tasks); insert into n select * from tasks; drop table tasks"),
    Example("EM20", "create table n as select * from tasks; alter table tasks rename to old"),
    Example("EM20", "lock table tasks in share update exclusive mode; create table n as table tasks; drop table tasks"),
    Example("TS01", "create table n (id uuid primary key, at timestamptz); select create_hypertable('n', 'at')"),
    Example("TS01", "create table n (id int unique, at date) with (tsdb.hypertable, tsdb.partition_column = 'at')"),
    Example("TS01", "create unique index i on events (id)", before=HYPERTABLE),
    Example("TS01", "alter table events add constraint u unique (kind)", before=HYPERTABLE),
    Example(
        "TS02",
        "create table details (event_id uuid, at timestamptz, foreign key (event_id, at) references events (id, at))",
        before=COMPRESSED,
    ),
    Example(
        "TS02",
        "alter table events set (timescaledb.compress)",
        before=f"{HYPERTABLE}; create table d (i uuid, at timestamptz, foreign key (i, at) references public.events)",
    ),
    Example("TS03", f"{HOURLY}".replace("with no data", "with data")),
    Example("TS03", f"{HOURLY}".replace("with no data", "")),
    Example("TS04", "-- emr: transaction = off\ncreate index concurrently i on events (kind)", before=HYPERTABLE),
    Example(
        "TS04",
        "-- emr: transaction = off\ndrop index concurrently i",
        before=f"{HYPERTABLE}; create index i on events (kind)",
    ),
    Example("TS04", "-- emr: transaction = off\nreindex table concurrently events", before=HYPERTABLE),
    Example("TS05", "call refresh_continuous_aggregate('hourly', null, null)", before=HOURLY),
    Example(
        "TS05",
        "-- emr: transaction = off\ndo $$ begin call refresh_continuous_aggregate('hourly', null, null); end $$",
        before=HOURLY,
    ),
    Example("TS06", "alter table events set (timescaledb.compress = false)", before=COMPRESSED),
    Example(
        "TS06",
        "select remove_compression_policy('events'); alter table events set (timescaledb.compress = off)",
        before=COMPRESSED,
    ),
    Example("TS07", "alter table events enable row level security", before=COMPRESSED),
    Example(
        "TS07",
        "alter table events set (tsdb.enable_columnstore)",
        before=f"{HYPERTABLE}; alter table events enable row level security",
    ),
    Example(
        "TS08",
        "select add_continuous_aggregate_policy('hourly', start_offset => interval '2 hours', "
        "end_offset => interval '30 minutes', schedule_interval => interval '30 minutes')",
        before=HOURLY,
    ),
    Example("TS09", "alter table events alter column kind type varchar(9)", before=HOURLY),
    Example("TS09", "alter table events drop column id", before=COMPRESSED),
    Example("TS10", "select add_retention_policy('events', interval '1 year')", before=HYPERTABLE),
    Example(
        "TS10",
        "select add_retention_policy('events', drop_after => interval '8 years')",
        before=f"{HOURLY}; select add_continuous_aggregate_policy('hourly', interval '9 years', '1 hour', '1 hour')",
    ),
    Example("TS11", "alter extension timescaledb update; select 1"),
    Example(
        "TS12", "select add_retention_policy('events', interval '7 years', if_not_exists => true)", before=HYPERTABLE
    ),
    Example("TS12", "do $$ begin perform add_compression_policy('events', '9 days', if_not_exists => true); end $$"),
]
"""Each breaks its rule."""

GOOD = [
    Example("EM01", "-- emr: transaction = off\ncreate index concurrently i on tasks (at); comment on index i is 'x'"),
    Example("EM01", "create index i on tasks (at); analyze tasks"),
    Example("EM02", "do $$ begin delete from tasks; end $$"),
    Example("EM05", "create table n (id int)", "drop table n"),
    Example("EM05", "drop table if exists n"),
    Example("EM06", "create table n (id int)", "drop table n"),
    Example("EM06", "drop index tasks_title", "create index tasks_title on tasks (title)"),
    Example(
        "EM06",
        "select 1",
        "alter table users rename to old; create table users (like old); insert into users table old; drop table old",
    ),
    Example("EM06", "select 1", "create temp table n as select 1 as one; drop table n"),
    Example("EM06", "do $$ begin execute 'create table n (id int)'; end $$", "drop table n"),
    Example("EM06", "alter table tasks rename to chores", "alter table chores rename to tasks"),
    Example("EM07", "create table n (id int); create index n_id on n (id)", "drop table n"),
    Example(
        "EM07",
        "alter table tasks add column n int check (n > 0); create index i on tasks (n)",
        "alter table tasks drop column n",
    ),
    Example("EM07", "create table n (id int)", "do $$ begin execute format('drop table %I', 'n'); end $$"),
    Example("EM07", "create extension pg_trgm", '-- emr: partial_inverse = "the extension pg_trgm stays"\nselect 1'),
    Example("EM07", "create temporary table n (id int); create function pg_temp.f() returns int return 1"),
    Example("EM07", "alter type mood add value 'great'"),
    Example("EM08", "create table n (id int)", "-- emr: cascades_to = v\ndrop table n cascade"),
    Example("EM09", "drop policy mine on secrets; create policy mine on secrets using (id = me())"),
    Example("EM09", "create table n (id int); create policy p on n using (true)", "drop policy p on n; drop table n"),
    Example("EM10", "create trigger t before insert on tasks for each row execute function touch()"),
    Example(
        "EM10", "create policy p on tasks using (department_id = me() and coalesce(title, '') <> lower(current_user))"
    ),
    Example("EM10", 'create extension "uuid-ossp"; alter table tasks add column n uuid default uuid_generate_v4()'),
    Example("EM10", "alter table tasks add column n uuid default gen_random_uuid()"),
    Example("EM10", "create extension postgis; alter table tasks add column n float default st_x('0 0')"),
    Example(
        "EM11", "create policy p on tasks using (tasks.department_id = (select u.id from users as u where u.id = me()))"
    ),
    Example("EM11", "create policy p on tasks using (department_id = (select id from users where name = tasks.title))"),
    Example("EM11", "create policy p on tasks using (exists (select 1 from unheard_of where title = 'x'))"),
    Example(
        "EM12",
        "create type n as enum ('a'); alter type n add value 'b'; create table t (m n default 'b')",
        "drop table t; drop type n",
    ),
    Example(
        "EM12", "-- emr: transaction = off\nalter type mood add value 'great'; create table n (m mood default 'great')"
    ),
    Example("EM12", "alter type mood add value 'great'; comment on type mood is 'great'"),
    Example("EM13", "create type n as enum ('a', 'b')", "drop type n"),
    Example("EM14", "create view v as select id, count(*) as n, 2 * 3 as six from tasks group by id", "drop view v"),
    Example("EM15", "create view v with (security_invoker) as select id from secrets", "drop view v"),
    Example(
        "EM15", "create view v as select id from secrets; alter view v set (security_invoker = true)", "drop view v"
    ),
    Example("EM15", "create view v as select id from tasks", "drop view v"),
    Example("EM16", "set local lock_timeout = '1s'; select set_config('a.b', 'c', true); set constraints all deferred"),
    Example(
        "EM17",
        "create function n() returns int language sql security definer set search_path = pg_catalog as 'select 1'",
        "drop function n()",
    ),
    Example("EM18", "create role r login; alter role r password null; create role s password 'SCRAM-SHA-256$4096:x'"),
    Example("EM19", "select pg_advisory_xact_lock(1); set local role admin; discard temp"),
    Example("EM19", "-- emr: precondition = select 'pg_advisory_unlock' <> ''\nselect 1"),
    Example("EM19", "do $$ begin -- pg_advisory_unlock_all() would free it\n perform 1; end $$"),
    Example(
        "EM20", "lock table tasks; create table n (like tasks); insert into n select * from tasks; drop table tasks"
    ),
    Example(
        "EM20",
        "alter table tasks rename to old; create table tasks (like old); insert into tasks table old; drop table old",
    ),
    Example("EM20", "create table n (like tasks); insert into n select * from tasks", "drop table n"),
    Example("TS01", HYPERTABLE, "drop table events"),
    Example("TS01", "create unique index i on events (kind, at)", "drop index i", before=HYPERTABLE),
    Example(
        "TS02", "create table d (i uuid, at timestamptz, foreign key (i, at) references events)", before=HYPERTABLE
    ),
    Example("TS03", HOURLY),
    Example("TS03", "-- emr: transaction = off\n" + HOURLY.replace("with no data", "with data")),
    Example("TS04", "create index i on events (kind)", "drop index i", before=HYPERTABLE),
    Example(
        "TS04",
        "-- emr: transaction = off\ncreate index i on events (kind) with (timescaledb.transaction_per_chunk)",
        before=HYPERTABLE,
    ),
    Example(
        "TS05", "-- emr: transaction = off\ncall refresh_continuous_aggregate('hourly', null, null)", before=HOURLY
    ),
    Example(
        "TS06",
        "select remove_compression_policy('events'); select decompress_chunk(c, true) from show_chunks('events') as c; "
        "alter table events set (timescaledb.compress = false)",
        before=COMPRESSED,
    ),
    Example("TS07", "alter table tasks enable row level security", before=COMPRESSED),
    Example(
        "TS08",
        "select add_continuous_aggregate_policy('hourly', start_offset => interval '3 days', "
        "end_offset => interval '1 hour', schedule_interval => interval '1 hour')",
        before=HOURLY,
    ),
    Example("TS08", "select add_continuous_aggregate_policy('hourly', null, null, interval '1 hour')", before=HOURLY),
    Example("TS09", "alter table events add column n int", "alter table events drop column n", before=HOURLY),
    Example("TS10", "select add_retention_policy('events', interval '7 years')", before=HOURLY),
    Example("TS11", "alter extension timescaledb update"),
    Example(
        "TS12",
        "select remove_retention_policy('events', true); select add_retention_policy('events', interval '7 years')",
        before=HYPERTABLE,
    ),
]
"""Each does what its rule is about, and well."""
