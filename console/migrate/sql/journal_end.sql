-- How a statement ended; the migration's row counts what is done.
with ended as (
    insert into emr_console.journal
           (run_id, version, direction, statement, statement_sha256, line, state, finished_at, sqlstate)
    values (%(run)s, %(version)s, %(direction)s, %(statement)s, %(sha256)s, %(line)s, %(state)s, clock_timestamp(),
            %(sqlstate)s)
        on conflict (run_id, version, direction, statement) do update
       set state = excluded.state, finished_at = excluded.finished_at, sqlstate = excluded.sqlstate,
           statement_sha256 = excluded.statement_sha256, line = excluded.line
    returning version, direction, statement, state
)
update emr_console.migration m
   set statements_done = ended.statement
  from ended
 where (m.version, ended.direction, ended.state) = (ended.version, 'up', 'done')
