-- The last failed runs of one job, the newest first, for a TimescaleDB that keeps no history of good ones (before 2.15).
select e.start_time as started,
       e.finish_time as finished,
       false as succeeded,
       e.sqlerrcode as sqlstate,
       e.err_message as message,
       e.pid
  from timescaledb_information.job_errors e
 where e.job_id = %(id)s
 order by e.start_time desc
 limit 50
