-- What earlier runs have done of a file comes along, so that the journal of one run tells the whole way.
insert into emr_console.journal
       (run_id, version, direction, statement, statement_sha256, line, state, started_at, finished_at)
select %(run)s, j.version, j.direction, j.statement, j.statement_sha256, j.line, j.state, j.started_at, j.finished_at
  from emr_console.migration m
  join emr_console.journal j on (j.run_id, j.version) = (m.run_id, m.version)
 where m.version = %(version)s
   and j.direction = %(direction)s
   and j.state = 'done'
    on conflict do nothing
