-- How many different values each column has, as the last ANALYZE of the whole table estimated it; null where nobody ran
-- one, or where our role may not read the column.
select a.attname::text as "column",
       (select s.n_distinct::float8
          from pg_stats s
         where s.schemaname = n.nspname and s.tablename = c.relname and s.attname = a.attname
         order by s.inherited desc
         limit 1) as n_distinct
  from pg_class c
  join pg_namespace n on n.oid = c.relnamespace
  join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
 where c.oid = %(oid)s::oid
 order by a.attnum
