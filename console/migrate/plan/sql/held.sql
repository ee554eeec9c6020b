-- Tables of a plan that are under legal hold. Holds go by name, because migrations make tables anew; the backup that a
-- rollback has made of a table is held with it.
select format('%%I.%%I', h.table_schema, h.table_name) as "table", h.name as hold, h.placed_by as by
  from emr_console.hold h
 where h.released_at is null
   and exists (select from unnest(%(names)s::text[]) as p (name)
                 join pg_class c on c.oid = to_regclass(p.name)
                 join pg_namespace n on n.oid = c.relnamespace
                where n.nspname = h.table_schema
                  and h.table_name::text in (c.relname::text, split_part(c.relname::text, '_backup_', 1)))
 order by h.placed_at
