-- What one run knows of the statements of one file that runs outside a transaction.
select statement, statement_sha256, line, state, direction, sqlstate
  from emr_console.journal
 where (run_id, version) = (%(run)s, %(version)s)
 order by statement
