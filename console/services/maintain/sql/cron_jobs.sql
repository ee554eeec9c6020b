-- Our own jobs: a role sees only those that it has scheduled itself.
select jobid as id, jobname::text as name, schedule, command
  from cron.job
 where starts_with(jobname::text, %(prefix)s) and username = current_user
 order by jobid
