-- Runs a job on our own connection, where no scheduler would start it; it leaves no record.
call "{schema}".run_job(%(id)s)
