-- What one backend has locked and what it waits for, the waits first and then the strongest. Its own transaction and
-- virtual transaction, which everybody has locked, say nothing. Of another database only numbers are known here.
select l.granted,
       l.mode,
       case when c.relname is not null and l.locktype = 'relation' then n.nspname || '.' || c.relname
            when c.relname is not null then l.locktype || ' of ' || n.nspname || '.' || c.relname
            when l.locktype = 'transactionid' then 'the end of transaction ' || l.transactionid
            when l.locktype = 'advisory' then 'advisory ' || concat_ws(', ', l.classid, l.objid)
            else concat_ws(' ', l.locktype, coalesce(l.relation, l.objid)) end as object,
       extract(epoch from clock_timestamp() - l.waitstart)::float8 as waited,
       (count(*) over ())::int as total
  from pg_locks l
  left join pg_class c on c.oid = l.relation
                      and l.database in (0, (select oid from pg_database where datname = current_database()))
  left join pg_namespace n on n.oid = c.relnamespace
 where l.pid = %(pid)s
   and not (l.granted and l.locktype in ('virtualxid', 'transactionid'))
 order by l.granted,
          array_position(array['AccessExclusiveLock', 'ExclusiveLock', 'ShareRowExclusiveLock', 'ShareLock',
                               'ShareUpdateExclusiveLock', 'RowExclusiveLock', 'RowShareLock'], l.mode),
          object
 limit %(most)s
