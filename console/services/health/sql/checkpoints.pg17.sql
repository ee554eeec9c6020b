-- How many checkpoints came because WAL had filled up, and not because it was time. From 18 on those of an idle server
-- are counted apart, and only done ones tell.
select num_timed as timed, num_requested as requested, stats_reset as counted_since
  from pg_stat_checkpointer
