-- What the indexes and the TOAST of each partition or chunk take, as of the last ANALYZE or VACUUM, and when that was;
-- of one table, or of all. Asked when a list is opened and not at each refresh: there are many more indexes than
-- tables.
select i.inhparent::bigint as parent,
       i.inhrelid::bigint as oid,
       coalesce(x.bytes, 0) + coalesce(t.relpages, 0) * current_setting('block_size')::bigint as bytes,
       coalesce(x.bytes, 0) as index_bytes,
       greatest(pg_stat_get_last_analyze_time(c.oid), pg_stat_get_last_autoanalyze_time(c.oid),
                pg_stat_get_last_vacuum_time(c.oid), pg_stat_get_last_autovacuum_time(c.oid)) as measured
  from pg_inherits i
  join pg_class c on c.oid = i.inhrelid and c.relkind = 'r'
  left join pg_class t on t.oid = c.reltoastrelid
  left join (select d.indrelid, sum(k.relpages) * current_setting('block_size')::bigint as bytes
               from pg_index d
               join pg_class k on k.oid = d.indexrelid
              group by d.indrelid) x on x.indrelid = c.oid
 where %(oid)s::oid is null or i.inhparent = %(oid)s::oid
