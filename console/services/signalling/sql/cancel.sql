-- Who is signalled is decided and done in one statement: the pid alone may by now be somebody else's, and the session may
-- run another statement, which nobody asked to cancel. An idle session keeps the start of the statement that has ended.
select pg_cancel_backend(a.pid) as sent
  from pg_stat_activity a
 where a.pid = %(pid)s
   and a.backend_start = %(backend_start)s
   and a.query_start is not distinct from %(query_start)s
   and coalesce(a.state, '') not like 'idle%%'
