-- What the planner says of a statement; see planner.sql.
select pg_temp.emr_console_planned(%(statement)s, %(path)s) as plan
