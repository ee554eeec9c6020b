-- The tables that are under legal hold by their name, their backups with them, and those that were before; every row of
-- them counts, however old.
select c.oid::bigint as oid, pg_catalog.format('%%I.%%I', n.nspname, c.relname) as name, false as dated
  from pg_catalog.pg_class c
  join pg_catalog.pg_namespace n on n.oid = c.relnamespace
 where c.relkind in ('r', 'p')
   and (exists (select from emr_console.hold h
                 where h.released_at is null and h.table_schema = n.nspname
                   and h.table_name::text in (c.relname::text, pg_catalog.split_part(c.relname::text, '_backup_', 1)))
        or c.oid = any (%(known)s::bigint[]::oid[]))
 order by 2
