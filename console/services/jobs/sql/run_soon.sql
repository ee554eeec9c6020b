-- Makes a job due, so that the scheduler starts it; its run then leaves the usual record.
select "{schema}".alter_job(%(id)s, next_start => now())
