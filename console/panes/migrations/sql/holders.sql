-- Who holds a lock on tables that a plan wants for itself alone, the oldest transaction first: they would keep it waiting.
-- Tables come as a plan names them: without their schema where the search path finds them.
select a.pid, a.usename::text as role, a.application_name as application, a.state,
       extract(epoch from clock_timestamp() - a.xact_start)::float8 as transaction_age
  from pg_stat_activity a
 where exists (select from pg_locks l join pg_class c on c.oid = l.relation
                where l.pid = a.pid and l.granted
                  and l.database = (select d.oid from pg_database d where d.datname = current_database())
                  and (format('%%I', c.relname) = any(%(tables)s) or c.oid::regclass::text = any(%(tables)s)))
   and a.pid <> pg_backend_pid()
 order by a.xact_start nulls last
 limit 5
