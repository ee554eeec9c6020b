-- Every table, one row for a whole tree. Sizes are blocks as of the last VACUUM or ANALYZE, indexes, TOAST and maps among
-- them: no file is looked at, since a database of 5,000 chunks has 50,000 of them. A part that was never analysed has
-- no rows as far as the planner knows; what was written to it since the counters began is counted instead. The counters
-- are asked by their functions: the view would group all indexes by their tables once more.
/* include relation */, sized as not materialized (
    select oid, relpages + /* include console.services.storage/maps */ as blocks from pg_class
), parts as (
    select root,
           count(*) filter (where oid <> root and relkind <> 'p') as parts,
           coalesce(sum(blocks) filter (where relkind <> 'p'), 0)::bigint as heap,
           sum(case when reltuples < 0 then pg_stat_get_live_tuples(oid) else reltuples end)
               filter (where relkind <> 'p')::float8 as rows,
           count(*) filter (where relpages = 0 and pg_stat_get_live_tuples(oid) > 0) as unmeasured,
           sum(pg_stat_get_live_tuples(oid))::bigint as live_rows,
           sum(pg_stat_get_dead_tuples(oid))::bigint as dead_rows,
           max(pg_stat_get_dead_tuples(oid)::float8 / (pg_stat_get_dead_tuples(oid) + pg_stat_get_live_tuples(oid)))
               filter (where /* include console.services.health/overdue */) as overdue_share,
           sum(pg_stat_get_mod_since_analyze(oid))::bigint as changed_rows,
           sum(pg_stat_get_numscans(oid))::bigint as scans,
           max(greatest(pg_stat_get_last_vacuum_time(oid), pg_stat_get_last_autovacuum_time(oid))) as vacuumed,
           max(greatest(pg_stat_get_last_analyze_time(oid), pg_stat_get_last_autoanalyze_time(oid))) as analyzed
      from relation
      join sized using (oid)
     group by root
), toast as (
    select r.root, sum(t.blocks)::bigint as pages
      from relation r
      join sized t on t.oid = r.reltoastrelid
     group by r.root
), holder as (
    select oid, root, true as own from relation where relkind <> 'p'
     union all
    select reltoastrelid, root, false from relation where reltoastrelid <> 0
), indexed as (
    select h.root,
           sum(i.blocks)::bigint as pages,
           sum(pg_stat_get_numscans(i.oid)) filter (where h.own)::bigint as scans
      from holder h
      join pg_index x on x.indrelid = h.oid
      join sized i on i.oid = x.indexrelid
     group by h.root
)
select p.root::bigint as oid,
       n.nspname::text as schema_name,
       c.relname::text as name,
       c.relkind::text as relkind,
       p.parts,
       (p.heap + coalesce(t.pages, 0) + coalesce(i.pages, 0)) * current_setting('block_size')::bigint as bytes,
       coalesce(i.pages, 0) * current_setting('block_size')::bigint as index_bytes,
       p.unmeasured,
       coalesce(p.rows, 0) as rows,
       p.live_rows, p.dead_rows, p.overdue_share, p.changed_rows,
       p.scans as seq_scans,
       i.scans as index_scans,
       p.vacuumed, p.analyzed,
       extract(epoch from clock_timestamp() - p.vacuumed)::float8 as vacuum_age,
       extract(epoch from clock_timestamp() - p.analyzed)::float8 as analyze_age
  from parts p
  join pg_class c on c.oid = p.root
  join pg_namespace n on n.oid = c.relnamespace
  left join toast t using (root)
  left join indexed i using (root)
 order by bytes desc, schema_name, name
 limit %(most)s
