-- The server's time, which decides what is old.
select clock_timestamp() as now
