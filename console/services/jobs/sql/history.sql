-- The last runs of one job, the newest first. Without timescaledb.enable_job_execution_logging these are only the failed
-- ones.
select h.start_time as started,
       h.finish_time as finished,
       h.succeeded,
       h.sqlerrcode as sqlstate,
       h.err_message as message,
       h.pid
  from timescaledb_information.job_history h
 where h.job_id = %(id)s
 order by h.start_time desc
 limit 50
