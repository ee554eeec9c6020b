-- Materialized views, none of an extension's own, each with what its indexes, its TOAST and their maps take, as of the
-- last ANALYZE or VACUUM. When one was last refreshed PostgreSQL does not keep.
select c.oid::bigint as oid,
       n.nspname::text as schema_name,
       c.relname::text as view_name,
       c.relispopulated as populated,
       exists (select from pg_index i
                where i.indrelid = c.oid and i.indisunique and i.indisvalid and i.indimmediate
                  and i.indpred is null and i.indexprs is null) as concurrently,
       case when c.reltuples >= 0 then w.blocks * current_setting('block_size')::bigint end as bytes
  from pg_class c
  join pg_namespace n on n.oid = c.relnamespace
 cross join lateral (select sum(relpages + /* include maps */) as blocks
                       from pg_class
                      where oid in (c.oid, c.reltoastrelid)
                         or oid = any (array(select indexrelid from pg_index
                                              where indrelid in (c.oid, c.reltoastrelid)))) w
 where c.relkind = 'm'
   and not exists (select from pg_depend d where d.objid = c.oid and d.deptype = 'e')
 order by n.nspname <> 'public', n.nspname, c.relname
