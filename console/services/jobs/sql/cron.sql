-- pg_cron's jobs with what their last runs came to. Its table of runs grows for ever and has no index by job, so that only
-- its newest two thousand are looked at.
-- pg_cron itself shows a role only its own jobs, unless that is a superuser or ignores row security.
with recent as materialized (
    select d.jobid, d.runid, d.status, d.start_time, d.end_time, d.return_message
      from cron.job_run_details d
     where d.runid > (select max(runid) - 2000 from cron.job_run_details)
), last as (
    select distinct on (jobid) *
      from recent
     order by jobid, runid desc
), good as (
    select jobid, max(runid) as runid, max(end_time) as at
      from recent
     where status = 'succeeded'
     group by jobid
)
select j.jobid as id,
       j.jobname::text as name,
       j.schedule,
       j.database,
       j.username::text as owner,
       j.active,
       j.command,
       l.status,
       l.start_time as last_start,
       l.end_time as last_finish,
       l.return_message as message,
       g.at as last_success,
       (select count(*)
          from recent r
         where r.jobid = j.jobid and r.status = 'failed' and r.runid > coalesce(g.runid, 0))::int as consecutive_failures,
       exists (select from pg_stat_activity a
                where coalesce(a.backend_type, a.application_name) in ('pg_cron launcher', 'pg_cron scheduler'))
         and coalesce(current_setting('cron.launch_active_jobs', true)::boolean, true) as launched
  from cron.job j
  left join last l on l.jobid = j.jobid
  left join good g on g.jobid = j.jobid
 order by j.jobid
