-- Who keeps this session waiting for a lock. The query texts are masked before anybody sees them.
select b.pid, a.usename::text as role, a.application_name as application, a.state,
       extract(epoch from clock_timestamp() - a.xact_start)::float8 as transaction_age, a.query
  from pg_catalog.unnest(pg_blocking_pids(%(pid)s)) as b (pid)
  left join pg_stat_activity a on a.pid = b.pid
