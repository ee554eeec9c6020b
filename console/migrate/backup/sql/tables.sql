-- Every table whose rows the manifest counts, in one fixed order: partitioned tables and hypertables as a whole, the
-- tables behind continuous aggregates too. Those of extensions are the extensions' business, temporary ones nobody's;
-- a restore computes materialized views anew.
select quote_ident(n.nspname) || '.' || quote_ident(c.relname) as name
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
 where c.relkind in ('r', 'p') and c.relpersistence <> 't' and n.nspname not in ('pg_catalog', 'information_schema')
   and (n.nspname !~ '^_timescaledb_' or c.relname ~ '^_materialized_hypertable_\d+$')
   and not exists (select from pg_inherits i where i.inhrelid = c.oid)
   and not exists (select from pg_depend d
                    where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
 order by n.nspname, c.relname
