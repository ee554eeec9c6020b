-- What the server itself says of a long command; where it counts nothing, such as in a rewrite, there is no row.
select command, phase, blocks_done as done, blocks_total as total, 'blocks' as unit, lockers_done, lockers_total,
       nullif(current_locker_pid, 0) as locker
  from pg_stat_progress_create_index where pid = %(pid)s
union all
select command, phase, heap_blks_scanned, heap_blks_total, 'blocks', null, null, null
  from pg_stat_progress_cluster where pid = %(pid)s
union all
select 'VACUUM', phase, heap_blks_scanned, heap_blks_total, 'blocks', null, null, null
  from pg_stat_progress_vacuum where pid = %(pid)s
union all
select 'ANALYZE', phase, sample_blks_scanned, sample_blks_total, 'blocks', null, null, null
  from pg_stat_progress_analyze where pid = %(pid)s
union all
select command, type, tuples_processed, null, 'rows', null, null, null
  from pg_stat_progress_copy where pid = %(pid)s
