-- The partitions of one range-partitioned table, or of all, in no order: sorting takes a fifth of the time here and is
-- done by us. Sizes are those of the last ANALYZE or VACUUM (relpages): asking the files of 5,000 partitions takes a
-- quarter of a second and waits for locks. What indexes and TOAST take is asked apart, less often. Of DEFAULT the rows
-- that the statistics counted are told, too: one row there is one too many.
with
/* include bounds */
select p.inhparent::bigint as parent,
       p.oid::bigint as oid,
       n.nspname::text as schema_name,
       p.relname::text as chunk_name,
       p.range_start, p.range_end, p.start_number, p.end_number,
       p.is_default,
       false as compressed,
       null::timestamptz as created,
       case when p.relkind <> 'p' and p.reltuples >= 0
            then p.relpages * current_setting('block_size')::bigint end as heap_bytes,
       case when p.is_default then greatest(p.reltuples, pg_stat_get_live_tuples(p.oid), 0)
            when p.reltuples >= 0 then p.reltuples end::bigint as rows,
       null::bigint as bytes_before,
       null::bigint as batches
  from partition p
  join pg_namespace n on n.oid = p.relnamespace
