-- The first ledger. Its own schema, because the application's tools watch public and would drop or drift with it.
-- The texts are kept so that a rollback works when a file is gone or changed; last_error holds masked messages only.
create schema emr_console;

create table emr_console.meta (
    only_row boolean primary key default true check (only_row),
    version integer not null,
    flavour text check (flavour in ('timescale', 'plain')),
    created_at timestamptz not null default clock_timestamp()
);
comment on column emr_console.meta.version is 'The last bootstrap that ran here';
comment on column emr_console.meta.flavour is 'Which flavour of the migrations this database was given';

create table emr_console.run (
    id uuid primary key,
    kind text not null check (kind in ('up', 'down', 'adopt', 'resolve', 'emergency')),
    target text,
    batch integer,
    plan_sha256 text,
    reason text,
    operator text not null,
    host text not null,
    logged_in_as name not null default session_user,
    acted_as name not null default current_user,
    client_pid integer not null,
    backend_pid integer not null,
    backend_start timestamptz,
    tool_version text not null,
    knex_locked boolean not null default false,
    started_at timestamptz not null default clock_timestamp(),
    finished_at timestamptz,
    outcome text
);

create table emr_console.migration (
    version text primary key,
    name text not null,
    flavour text not null check (flavour in ('any', 'timescale', 'plain')),
    state text not null,
    up_sha256 text not null,
    up_tokens_sha256 text not null,
    down_sha256 text,
    down_tokens_sha256 text,
    verify_sha256 text,
    up_text text not null,
    down_text text,
    verify_text text,
    apply_order bigint,
    batch integer,
    applied_at timestamptz,
    duration double precision,
    applied_by name not null default session_user,
    operator text not null,
    host text not null,
    tool_version text not null,
    server_version text not null default current_setting('server_version'),
    timescaledb_version text,
    adopted boolean not null default false,
    statements_total integer not null,
    statements_done integer not null,
    fingerprint text,
    last_error jsonb,
    run_id uuid not null references emr_console.run
);
comment on column emr_console.migration.duration is 'Seconds from BEGIN to the ledger row';

create table emr_console.journal (
    run_id uuid not null references emr_console.run,
    version text not null,
    direction text not null check (direction in ('up', 'down')),
    statement integer not null,
    statement_sha256 text not null,
    line integer not null,
    state text not null check (state in ('intent', 'done', 'failed')),
    started_at timestamptz not null default clock_timestamp(),
    finished_at timestamptz,
    sqlstate text,
    primary key (run_id, version, direction, statement)
);
comment on table emr_console.journal is 'One row per statement of a file that runs outside a transaction';

create table emr_console.event (
    id bigint generated always as identity primary key,
    at timestamptz not null default clock_timestamp(),
    run_id uuid,
    version text,
    kind text not null,
    operator text not null,
    detail jsonb not null default '{}'
);

create function emr_console.refuse_change() returns trigger
language plpgsql
as $$
begin
    raise exception 'emr_console.event is append-only' using errcode = 'insufficient_privilege';
end
$$;

create trigger event_is_append_only before update or delete on emr_console.event
    for each row execute function emr_console.refuse_change();
create trigger event_is_not_truncated before truncate on emr_console.event
    for each statement execute function emr_console.refuse_change();
revoke update, delete, truncate on emr_console.event from current_user;

grant usage on schema emr_console to pg_monitor;
grant select on emr_console.meta, emr_console.migration, emr_console.run, emr_console.event to pg_monitor;

insert into emr_console.meta (version) values (1);
