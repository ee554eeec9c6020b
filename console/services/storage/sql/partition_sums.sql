-- What the partitions of each range-partitioned table come to; sizes as in chunk_sums. DEFAULT is no partition of any
-- range: it is counted by its rows alone, which should be none.
select i.inhparent::bigint as parent,
       count(*) filter (where not d.is_default) as chunks,
       0 as compressed,
       count(*) filter (where c.reltuples < 0 and not d.is_default) as unmeasured,
       sum(c.relpages) filter (where c.relkind <> 'p' and c.reltuples >= 0)::bigint
           * current_setting('block_size')::bigint as heap_bytes,
       sum(greatest(c.reltuples, 0))::bigint as rows,
       null::bigint as bytes_after,
       null::bigint as bytes_before,
       null::bigint as batched_rows,
       null::bigint as batches,
       max(greatest(c.reltuples, pg_stat_get_live_tuples(c.oid))) filter (where d.is_default)::bigint as default_rows
  from pg_partitioned_table p
  join pg_inherits i on i.inhparent = p.partrelid and not i.inhdetachpending
  join pg_class c on c.oid = i.inhrelid
 cross join lateral (select c.oid = p.partdefid as is_default) d
 where p.partstrat = 'r'
 group by i.inhparent
