-- Which audit tables are there, and whether their seals can be read, asked before they are; a name would be looked up only
-- where our role may use the schema. Only plain tables count, because reading a stranger's view would run his functions with
-- our rights.
with ours as (
    select c.relname as name,
           c.relkind = 'r' and has_schema_privilege(n.oid, 'usage') and has_table_privilege(c.oid, 'select')
             and not row_security_active(c.oid) as readable
      from pg_namespace n
      join pg_class c on c.relnamespace = n.oid and c.relname in ('seal', 'event')
     where n.nspname = 'emr_console'
)
select clock_timestamp() as as_of,
       coalesce((select jsonb_object_agg(c.relname, has_table_privilege(c.oid, 'select'))
                   from pg_namespace n
                   join pg_class c on c.relnamespace = n.oid and c.relname in ('audit_logs', 'audit_log_details')
                  where n.nspname = 'public' and c.relkind in ('r', 'p')), '{}') as tables,
       exists (select from ours where name = 'seal') as there,
       coalesce((select bool_and(readable) from ours), false) as readable
