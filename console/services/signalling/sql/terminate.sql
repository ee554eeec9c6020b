-- Who is signalled is decided and done in one statement: the pid alone may by now be somebody else's.
select pg_terminate_backend(a.pid) as sent
  from pg_stat_activity a
 where a.pid = %(pid)s
   and a.backend_start = %(backend_start)s
