-- What a trace in the database has told of a statement that was begun and never heard of again.
update emr_console.journal
   set state = %(state)s, finished_at = clock_timestamp()
 where (run_id, version, direction, statement) = (%(run)s, %(version)s, %(direction)s, %(statement)s)
