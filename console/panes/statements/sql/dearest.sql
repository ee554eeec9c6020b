-- The dearest statements, without their texts, and those that are `watched` because an interval has shown them to be hot.
-- `order` counts service.ORDERS from 0.
-- Only columns that every version since the extension's 1.9 (PostgreSQL 14) has; the page of one statement shows all.
select queryid,
       userid::int8 as user_id,
       dbid::int8 as database_id,
       toplevel,
       pg_get_userbyid(userid)::text as user,
       (select datname::text from pg_database where oid = dbid) as database,
       calls,
       total_exec_time / 1000 as total_time,
       mean_exec_time / 1000 as mean_time,
       stddev_exec_time / 1000 as stddev_time,
       rows,
       shared_blks_hit as blocks_hit,
       shared_blks_read as blocks_read,
       (temp_blks_read + temp_blks_written) * current_setting('block_size')::int8 as temp_bytes,
       wal_bytes::int8 as wal_bytes
  from (select userid, dbid, queryid, toplevel, calls, total_exec_time, mean_exec_time, stddev_exec_time, rows,
               shared_blks_hit, shared_blks_read, temp_blks_read, temp_blks_written, wal_bytes
          from "{schema}".pg_stat_statements(false)
         where queryid is not null
         order by queryid = any(%(watched)s) desc,
                  case %(order)s
                      when 1 then mean_exec_time
                      when 2 then stddev_exec_time
                      when 3 then calls
                      when 4 then rows
                      when 5 then temp_blks_read + temp_blks_written
                      when 6 then wal_bytes::float8
                      else total_exec_time
                  end desc
         limit %(limit)s + cardinality(%(watched)s::int8[])) s
