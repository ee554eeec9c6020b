-- What is older than this may go: seven years of the calendar, as TimescaleDB's policy of migration 005 says.
select clock_timestamp() as now, clock_timestamp() - interval '7 years' as since
