-- Who holds the engine's lock on this database, and whom he waits for. application_name is visible to every role.
select l.pid, a.application_name as application, a.usename::text as role, a.backend_start as since,
       pg_blocking_pids(l.pid) as blocked_by
  from pg_locks l
  left join pg_stat_activity a on a.pid = l.pid
 where l.locktype = 'advisory' and l.classid = %(space)s and l.objid = %(key)s and l.objsubid = 2 and l.granted
   and l.database = (select oid from pg_database where datname = current_database())
 limit 1
