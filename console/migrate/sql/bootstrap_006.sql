-- The sixth ledger: only its owner writes it. Texts that it keeps run with the rights of whoever rolls back, so a right to
-- write rows here is a right to everything. pg_write_all_data gives that right without a word in any table's rights; row
-- security would stop it, but pg_dump too, where a role that may only read makes the backup.
create function emr_console.refuse_others() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp
as $$
begin
    if not pg_has_role(current_user, (select relowner from pg_class where oid = tg_relid), 'usage') then
        raise exception 'only its owner writes emr_console.%', tg_table_name using errcode = 'insufficient_privilege';
    end if;
    return null;
end
$$;
