-- The fourth ledger: seals of the audit log, one a day and table, each over the one before it. They are kept beside the
-- events, since whoever may write audit rows need not be able to write here; a seal is retired when retention has dropped
-- its day, never changed and never deleted.
create table emr_console.seal (
    table_name text not null,
    number bigint not null check (number > 0),
    day date not null,
    rows bigint not null check (rows >= 0),
    content text not null check (content ~ '^[0-9a-f]{64}$'),
    previous text,
    seal text not null check (seal ~ '^[0-9a-f]{64}$'),
    format integer not null,
    marks bytea not null,
    sealed_at timestamptz not null,
    sealed_by text not null,
    sealed_as name not null default session_user,
    retired_at timestamptz,
    retired_by text,
    primary key (table_name, number),
    unique (table_name, day),
    check ((number = 1) = (previous is null)),
    check (num_nulls(retired_at, retired_by) in (0, 2))
);
comment on table emr_console.seal is 'SHA-256 over the audit rows of one day, and over the seal of the day before';
comment on column emr_console.seal.content is 'Over the rows; console/services/audit/sealing says how';
comment on column emr_console.seal.marks is 'Eight bytes of each row''s hash, by which rows that came later are told';
alter table emr_console.seal alter column marks set storage external; -- random bytes; read in slices
comment on column emr_console.seal.retired_at is 'When retention was seen to have dropped the day''s rows';

create function emr_console.refuse_all_but_retirement() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
    retirement constant text[] := '{retired_at,retired_by}';
begin
    if tg_op = 'UPDATE' then
        if old.retired_at is null and to_jsonb(new) - retirement = to_jsonb(old) - retirement then
            return new;
        end if;
    end if;
    raise exception 'a seal is retired, never changed or deleted' using errcode = 'insufficient_privilege';
end
$$;

create trigger seal_is_only_retired before update or delete on emr_console.seal
    for each row execute function emr_console.refuse_all_but_retirement();
create trigger seal_is_not_truncated before truncate on emr_console.seal
    for each statement execute function emr_console.refuse_all_but_retirement();
revoke delete, truncate on emr_console.seal from current_user;

grant select on emr_console.seal to pg_monitor;
