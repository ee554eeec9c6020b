-- What the database counts, and what clients had to write themselves because neither checkpointer nor background writer
-- had done it in time. From PostgreSQL 18 on pg_stat_io counts bytes, for one write may be of many blocks.
with client as (
    select coalesce(sum(write_bytes), 0)::bigint as bytes, coalesce(sum(fsyncs), 0)::bigint as fsyncs
      from pg_stat_io
     where backend_type = 'client backend' and object = 'relation' and context = 'normal'
)
/* include counted */
