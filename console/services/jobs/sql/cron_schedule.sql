-- Pauses a job of pg_cron, or lets it be started again (1.4 or newer); shown to be copied, never sent by us.
select cron.alter_job(%(id)s, active => %(on)s)
