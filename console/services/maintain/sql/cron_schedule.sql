-- Schedules a command in this database, as the role that asks.
select cron.schedule(%(name)s, %(schedule)s, %(command)s)
