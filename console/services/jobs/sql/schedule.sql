-- Pauses a job, or lets it be started again.
select "{schema}".alter_job(%(id)s, scheduled => %(on)s)
