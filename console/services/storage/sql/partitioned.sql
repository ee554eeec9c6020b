-- Tables that are partitioned by range, of any schema; a partition that is divided further is one of them, too.
select c.oid::bigint as oid,
       n.nspname::text as schema_name,
       c.relname::text as table_name,
       'partitioned' as kind,
       coalesce(a.attname::text, pg_get_partkeydef(c.oid)) as "column",
       t.typname::text as type,
       null::float8 as interval,
       null::bigint as interval_number,
       0 as spaces,
       false as compression
  from pg_partitioned_table p
  join pg_class c on c.oid = p.partrelid
  join pg_namespace n on n.oid = c.relnamespace
  left join pg_attribute a on a.attrelid = c.oid and a.attnum = p.partattrs[0] and a.attnum > 0
  left join pg_type t on t.oid = a.atttypid
 where p.partstrat = 'r'
