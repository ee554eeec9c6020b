-- Pauses a job of TimescaleDB, or lets it go on.
select "{schema}".alter_job(%(job)s, scheduled => %(on)s)
