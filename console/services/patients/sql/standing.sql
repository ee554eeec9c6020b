-- Whether there are patients (they come with 004), whether our role may read them, and whether similar names can be found.
select to_regclass('public.patients') is not null as patients,
       coalesce(has_table_privilege(to_regclass('public.patients'), 'select'), false) as readable,
       coalesce(row_security_active(to_regclass('public.patients')), false) as rows_hidden,
       (select n.nspname::text
          from pg_extension e
          join pg_namespace n on n.oid = e.extnamespace
         where e.extname = 'pg_trgm' and has_schema_privilege(n.oid, 'usage')) as trgm
