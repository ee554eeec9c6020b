-- Who has a table of this database for himself alone, so that not even its indexes and views can be read. The query texts
-- are masked before anybody sees them.
select distinct coalesce(l.pid, 0) as pid, a.usename::text as role, a.application_name as application, a.state,
       extract(epoch from clock_timestamp() - a.xact_start)::float8 as transaction_age, a.query
  from pg_catalog.pg_locks l
  left join pg_catalog.pg_stat_activity a on a.pid = l.pid
 where l.locktype = 'relation' and l.mode = 'AccessExclusiveLock' and l.granted
   and l.database = (select oid from pg_catalog.pg_database where datname = current_database())
 order by pid
