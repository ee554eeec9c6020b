-- Who is at work. application_name is visible to every role.
select l.pid, a.application_name as application, a.backend_start as since
  from pg_locks l
  left join pg_stat_activity a on a.pid = l.pid
 where l.locktype = 'advisory' and l.classid = %(space)s and l.objid = %(key)s and l.objsubid = 2 and l.granted
   and l.database = (select oid from pg_database where datname = current_database())
