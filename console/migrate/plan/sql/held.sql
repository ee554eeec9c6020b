-- Tables of a plan that are under legal hold. Holds go by name, because migrations make tables anew.
select format('%%I.%%I', h.table_schema, h.table_name) as "table", h.name as hold, h.placed_by as by
  from emr_console.hold h
 where h.released_at is null
   and to_regclass(format('%%I.%%I', h.table_schema, h.table_name))
       = any (select to_regclass(n.name) from unnest(%(names)s::text[]) as n (name))
 order by h.placed_at
