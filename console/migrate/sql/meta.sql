-- How far the ledger's own tables are, the flavour that was chosen for this database, and the runs without an end: the one
-- that holds the lock now, and those whose process died. One statement, because the pane asks again and again.
select version, flavour,
       array(select pg_catalog.to_jsonb(r)
               from (select id, kind, operator, host, client_pid, backend_pid, backend_start, started_at, knex_locked
                       from emr_console.run
                      where finished_at is null) r
              order by r.started_at) as runs
  from emr_console.meta
