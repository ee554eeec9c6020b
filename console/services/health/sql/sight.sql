-- Whether our own events can be read, asked before they are. Only a plain table counts, because reading a stranger's view
-- would run his functions with our rights.
select c.oid is not null as there,
       coalesce(c.relkind = 'r' and has_schema_privilege(n.oid, 'usage') and has_table_privilege(c.oid, 'select')
                and not row_security_active(c.oid), false) as readable
  from (select) one
  left join pg_namespace n on n.nspname = 'emr_console'
  left join pg_class c on c.relnamespace = n.oid and c.relname = 'event'
