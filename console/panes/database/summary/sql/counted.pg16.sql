-- What the database counts, and what clients had to write themselves because neither checkpointer nor background writer
-- had done it in time. From PostgreSQL 16 on pg_stat_io tells this apart from bulk writes, which are meant to be their
-- own, and from what other kinds of backends write.
with client as (
    select coalesce(sum(writes * op_bytes), 0)::bigint as bytes, coalesce(sum(fsyncs), 0)::bigint as fsyncs
      from pg_stat_io
     where backend_type = 'client backend' and object = 'relation' and context = 'normal'
)
/* include counted */
