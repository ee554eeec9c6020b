-- Takes a job away.
select cron.unschedule(%(id)s::bigint)
