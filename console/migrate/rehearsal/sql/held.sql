-- The locks that this session holds in its open transaction, on tables that were there before it.
select relation::bigint as relation, mode
  from pg_locks
 where locktype = 'relation' and granted and pid = pg_backend_pid()
   and database = (select oid from pg_database where datname = current_database())
   and relation = any(%(tables)s::bigint[])
