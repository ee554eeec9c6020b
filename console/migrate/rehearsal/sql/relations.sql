-- The tables before a step: a lock on what it makes itself stops nobody. A partition's lock counts as its table's.
select c.oid::bigint as oid, quote_ident(n.nspname) || '.' || quote_ident(r.relname) as name
  from pg_class c
  join pg_class r on r.oid = coalesce(pg_partition_root(c.oid), c.oid)
  join pg_namespace n on n.oid = r.relnamespace
 where c.relkind in ('r', 'p', 'm', 'f') and n.nspname !~ '^(pg_|_?timescaledb_)' and n.nspname <> 'information_schema'
