-- How many checkpoints came because WAL had filled up, and not because it was time; their counters moved in 17.
select checkpoints_timed as timed, checkpoints_req as requested, stats_reset as counted_since
  from pg_stat_bgwriter
