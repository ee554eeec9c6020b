-- What the indexes, the TOAST and the maps of each partition or chunk take, as of the last ANALYZE or VACUUM, and when that
-- was; of one table, or of all. Asked when a list is opened and not at each refresh: there are many more indexes than tables.
with part as materialized (
    select inhparent, inhrelid, reltoastrelid, /* include maps */ as blocks
      from pg_inherits
      join pg_class c on c.oid = inhrelid and c.relkind = 'r'
     where %(oid)s::oid is null or inhparent = %(oid)s::oid
), indexed as (
    select indrelid, sum(relpages + /* include maps */) as blocks
      from pg_index
      join pg_class c on c.oid = indexrelid
     group by indrelid
), toast as (
    select c.oid, relpages + /* include maps */ + coalesce(x.blocks, 0) as blocks
      from pg_class c
      left join indexed x on x.indrelid = c.oid
     where c.relkind = 't'
)
select p.inhparent::bigint as parent,
       p.inhrelid::bigint as oid,
       (p.blocks + coalesce(x.blocks, 0) + coalesce(t.blocks, 0)) * current_setting('block_size')::bigint as bytes,
       coalesce(x.blocks, 0) * current_setting('block_size')::bigint as index_bytes,
       greatest(pg_stat_get_last_analyze_time(p.inhrelid), pg_stat_get_last_autoanalyze_time(p.inhrelid),
                pg_stat_get_last_vacuum_time(p.inhrelid), pg_stat_get_last_autovacuum_time(p.inhrelid)) as measured
  from part p
  left join indexed x on x.indrelid = p.inhrelid
  left join toast t on t.oid = p.reltoastrelid
