-- The dearest statements since the last reset, without their texts; `order` counts service.ORDERS from 0.
-- Only columns that every version since the extension's 1.9 (PostgreSQL 14) has; the page of one statement shows all.
select /* include counters */
  from (select userid, dbid, queryid, toplevel, calls, total_exec_time, mean_exec_time, stddev_exec_time, rows,
               shared_blks_hit, shared_blks_read, temp_blks_read, temp_blks_written, wal_bytes
          from "{schema}".pg_stat_statements(false)
         where queryid is not null
         order by case %(order)s
                      when 1 then mean_exec_time
                      when 2 then stddev_exec_time
                      when 3 then calls
                      when 4 then rows
                      when 5 then temp_blks_read + temp_blks_written
                      when 6 then wal_bytes::float8
                      else total_exec_time
                  end desc
         limit %(limit)s) s
