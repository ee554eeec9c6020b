-- The server's time, and what starts TimescaleDB's jobs: without a scheduler the views of TimescaleDB still say that a
-- job is scheduled. From a role without pg_read_all_stats the kind of a process is hidden, its name is not; where the
-- kind is seen it decides, because a name is anybody's to choose.
select clock_timestamp() as as_of,
       exists (select from pg_stat_activity a
                where a.datname = current_database()
                  and coalesce(a.backend_type, a.application_name)
                      = 'TimescaleDB Background Worker Scheduler') as scheduler,
       coalesce(current_setting('timescaledb.restoring', true)::boolean, false) as restoring
