-- Runs without an end: the one that holds the lock now, and those whose process died.
select id, kind, operator, host, client_pid, backend_pid, backend_start, started_at, knex_locked
  from emr_console.run
 where finished_at is null
 order by started_at
