-- The third ledger: legal holds. They are kept here because whoever drops rows has to see them, from whatever machine. A
-- table is held by its name, since migrations replace tables; a hold is released, never changed and never deleted.
create table emr_console.hold (
    id bigint generated always as identity primary key,
    table_schema name not null,
    table_name name not null,
    name text not null check (name <> ''),
    reason text not null,
    placed_at timestamptz not null default clock_timestamp(),
    placed_by text not null,
    placed_as name not null default session_user,
    paused_jobs integer[] not null default '{}',
    released_at timestamptz,
    released_by text,
    released_as name,
    release_reason text,
    check (num_nulls(released_at, released_by, released_as, release_reason) in (0, 4))
);
comment on table emr_console.hold is 'Legal holds: while one stands, the console drops no rows of its table';
comment on column emr_console.hold.paused_jobs is 'Retention jobs of TimescaleDB that the last hold''s release resumes';
create unique index hold_stands_once on emr_console.hold (table_schema, table_name, name) where released_at is null;

create function emr_console.refuse_all_but_release() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
    release constant text[] := '{released_at,released_by,released_as,release_reason}';
begin
    if tg_op = 'UPDATE' then
        if old.released_at is null and to_jsonb(new) - release = to_jsonb(old) - release then
            return new;
        end if;
    end if;
    raise exception 'a legal hold is released, never changed or deleted' using errcode = 'insufficient_privilege';
end
$$;

create trigger hold_is_only_released before update or delete on emr_console.hold
    for each row execute function emr_console.refuse_all_but_release();
create trigger hold_is_not_truncated before truncate on emr_console.hold
    for each statement execute function emr_console.refuse_all_but_release();
revoke delete, truncate on emr_console.hold from current_user;

grant select on emr_console.hold to pg_monitor;
