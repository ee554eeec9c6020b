-- Which table a person means. A name without a schema is one of public's: our sessions have only pg_catalog on their path,
-- so that no stranger's function stands in for PostgreSQL's. Partitions and chunks are held through their table.
select n.nspname::text as table_schema, c.relname::text as table_name
  from (select case cardinality(parse_ident(%(table)s))
                    when 1 then to_regclass('public.' || %(table)s)
                    when 2 then to_regclass(%(table)s)
               end as oid) named
  join pg_class c on c.oid = named.oid and c.relkind in ('r', 'p') and not c.relispartition
  join pg_namespace n on n.oid = c.relnamespace
 where n.nspname !~ '^(pg_|_timescaledb|timescaledb_|information_schema$|emr_console$)'
