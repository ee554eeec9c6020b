-- The last runs of one job of pg_cron, the newest first, among its newest ten thousand: the table has no index by job.
select d.start_time as started,
       d.end_time as finished,
       case d.status when 'succeeded' then true when 'failed' then false end as succeeded,
       null::text as sqlstate,
       d.return_message as message,
       d.job_pid as pid
  from cron.job_run_details d
 where d.jobid = %(id)s
   and d.runid > (select max(runid) - 10000 from cron.job_run_details)
 order by d.runid desc
 limit 50
