-- After each step of the ledger: what is new in it, and what there was, is written by its owner alone. Default privileges
-- may have given others more the moment the tables were made; who was given a right to read keeps it.
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
