-- Where we are, who owns the function that audits changes of patients, and who may act as the owner of the audit rows.
select pg_catalog.current_database()::text as database,
       pg_catalog.current_setting('server_version_num')::integer / 10000 as major,
       (select pg_catalog.pg_get_userbyid(p.proowner)::text
        from pg_catalog.pg_proc as p
        where p.oid = pg_catalog.to_regprocedure('public.audit_trigger_func()')) as trigger_owner,
       array(select r.rolname::text
             from pg_catalog.pg_roles as r join pg_catalog.pg_roles as o on o.rolname = %(audit_owner)s
             where pg_catalog.pg_has_role(r.oid, o.oid, 'USAGE') and not r.rolsuper
             order by r.rolname) as members
