-- Committed before a statement that runs outside a transaction: without it nobody could tell whether it was begun.
insert into emr_console.journal (run_id, version, direction, statement, statement_sha256, line, state)
values (%(run)s, %(version)s, %(direction)s, %(statement)s, %(sha256)s, %(line)s, 'intent')
    on conflict (run_id, version, direction, statement) do update
   set state = 'intent', started_at = clock_timestamp(), finished_at = null, sqlstate = null,
       statement_sha256 = excluded.statement_sha256, line = excluded.line
