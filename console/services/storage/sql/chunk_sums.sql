-- What the chunks of each hypertable come to, those of continuous aggregates among them. Sizes without indexes, TOAST
-- and chunks that were never analyzed; `unmeasured` says how many these are.
select c.parent,
       count(*) as chunks,
       count(*) filter (where c.compressed) as compressed,
       count(*) filter (where c.heap_bytes is null) as unmeasured,
       sum(c.heap_bytes)::bigint as heap_bytes,
       sum(c.rows)::bigint as rows,
       sum(c.heap_bytes) filter (where c.bytes_before is not null)::bigint as bytes_after,
       sum(c.bytes_before)::bigint as bytes_before,
       sum(c.rows) filter (where c.batches is not null)::bigint as batched_rows,
       sum(c.batches)::bigint as batches,
       null::bigint as default_rows
  from (
/* include chunk */
       ) c
 group by c.parent
