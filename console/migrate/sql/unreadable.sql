-- Of the tables that a check reads, those that this role may not read.
select distinct c.oid::regclass::text as name
  from unnest(%(names)s::text[]) as n (name)
  join pg_class c on c.oid = to_regclass(n.name)
 where not has_table_privilege(c.oid, 'select')
 order by 1
