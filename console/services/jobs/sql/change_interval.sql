-- Changes how often a job is started.
select "{schema}".alter_job(%(id)s, schedule_interval => %(interval)s::interval)
