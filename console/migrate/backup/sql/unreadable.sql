-- What pg_dump would fail at, or a count would lie about: no right to read it, or row security hides rows of it.
select quote_ident(n.nspname) || '.' || quote_ident(c.relname) as name
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
 where c.relkind in ('r', 'p', 'S') and c.relpersistence <> 't'
   and n.nspname not in ('pg_catalog', 'information_schema')
   and not exists (select from pg_depend d
                    where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
   and (row_security_active(c.oid) or not has_table_privilege(c.oid, 'select')
        or not has_schema_privilege(n.oid, 'usage'))
 order by n.nspname, c.relname
 limit 10
