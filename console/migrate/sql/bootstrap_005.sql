-- The fifth ledger: signatures of seals, by keys that never come near the database: whoever may write here can make a chain
-- of seals anew, but not sign it. They stand apart from the seals, so that those made without a key stay what they are.
create table emr_console.seal_signature (
    table_name text not null,
    number bigint not null,
    public_key text not null check (public_key ~ '^[0-9a-f]{64}$'),
    signature text not null check (signature ~ '^[0-9a-f]{128}$'),
    primary key (table_name, number),
    foreign key (table_name, number) references emr_console.seal
);
comment on table emr_console.seal_signature is 'Ed25519 over each seal; console/services/audit/sealing/signing.py says how';
comment on column emr_console.seal_signature.public_key is 'Of the key that has signed, hexadecimal';

create function emr_console.refuse_all() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp
as $$
begin
    raise exception 'a signature is never changed or deleted' using errcode = 'insufficient_privilege';
end
$$;

create trigger signature_stays before update or delete on emr_console.seal_signature
    for each row execute function emr_console.refuse_all();
create trigger signature_is_not_truncated before truncate on emr_console.seal_signature
    for each statement execute function emr_console.refuse_all();
revoke update, delete, truncate on emr_console.seal_signature from current_user;

grant select on emr_console.seal_signature to pg_monitor;
