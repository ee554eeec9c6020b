-- What the database counts, and what clients had to write themselves because neither checkpointer nor background writer
-- had done it in time: each such write, and far more each fsync, is a moment in which somebody waits.
with client as (
    select buffers_backend * current_setting('block_size')::bigint as bytes, buffers_backend_fsync as fsyncs
      from pg_stat_bgwriter
)
/* include counted */
