-- Changes what a job's procedure is told; TimescaleDB replaces the whole of it and asks no questions.
select "{schema}".alter_job(%(id)s, config => %(config)s::jsonb)
