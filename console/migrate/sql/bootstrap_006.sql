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

-- Default privileges may have given others more the moment the tables were made; who may read them keeps that right. The
-- next step that makes a table says this again.
do $$
declare
    statement text;
begin
    for statement in
        select format('revoke %s on %s from %s cascade', string_agg(distinct x.privilege_type, ', '), c.oid::regclass,
                      case x.grantee when 0 then 'public' else x.grantee::regrole::text end)
          from pg_class c
         cross join aclexplode(c.relacl) x
         where c.relnamespace = 'emr_console'::regnamespace
           and x.grantee <> c.relowner and x.privilege_type <> 'SELECT'
         group by c.oid, x.grantee
         union all
        select distinct format('revoke create on schema emr_console from %s cascade',
                               case x.grantee when 0 then 'public' else x.grantee::regrole::text end)
          from pg_namespace n
         cross join aclexplode(n.nspacl) x
         where n.nspname = 'emr_console' and x.grantee <> n.nspowner and x.privilege_type = 'CREATE'
         union all
        select format('create or replace trigger only_its_owner_writes before insert or update or delete or truncate'
                      ' on %s for each statement execute function emr_console.refuse_others()', oid::regclass)
          from pg_class
         where relnamespace = 'emr_console'::regnamespace and relkind = 'r'
    loop
        execute statement;
    end loop;
end
$$;
