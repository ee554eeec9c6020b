-- The second ledger: what the schema looked like after each run, so that what others change by hand is seen; and who may
-- read the ledger may read the journal, without which the state of a file that stopped half-way is not known.
create table emr_console.snapshot (
    id bigint generated always as identity primary key,
    taken_at timestamptz not null default clock_timestamp(),
    run_id uuid not null references emr_console.run,
    version text,
    sha256 text not null,
    objects jsonb not null
);
comment on table emr_console.snapshot is 'Every object of the schemas and its definition, after a run';
comment on column emr_console.snapshot.version is 'The migration that was applied last then; null where none was';

create or replace function emr_console.refuse_change() returns trigger
language plpgsql
as $$
begin
    raise exception 'emr_console.% is append-only', tg_table_name using errcode = 'insufficient_privilege';
end
$$;

create trigger snapshot_is_append_only before update or delete on emr_console.snapshot
    for each row execute function emr_console.refuse_change();
create trigger snapshot_is_not_truncated before truncate on emr_console.snapshot
    for each statement execute function emr_console.refuse_change();
revoke update, delete, truncate on emr_console.snapshot from current_user;

grant select on emr_console.snapshot to pg_monitor;
grant select on emr_console.journal to pg_monitor;
