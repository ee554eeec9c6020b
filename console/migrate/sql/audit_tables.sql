-- The tables that hold audit rows by their name, their backups with them, and those that did before; parts of a
-- partitioned table are counted in it.
select c.oid::bigint as oid, pg_catalog.format('%%I.%%I', n.nspname, c.relname) as name,
       exists (select from pg_catalog.pg_attribute a
                where a.attrelid = c.oid and a.attname = 'created_at' and not a.attisdropped) as dated
  from pg_catalog.pg_class c
  join pg_catalog.pg_namespace n on n.oid = c.relnamespace
 where c.relkind in ('r', 'p')
   and not exists (select from pg_catalog.pg_inherits where inhrelid = c.oid)
   and n.nspname not like '\_timescaledb%%'
   and (pg_catalog.split_part(c.relname::text, '_backup_', 1) = any (%(names)s::text[])
        or c.oid = any (%(known)s::bigint[]::oid[]))
 order by 2
