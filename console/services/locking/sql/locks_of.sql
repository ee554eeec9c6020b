-- The locks that one backend with its parallel workers, or one prepared transaction, holds or waits for; what it waits for
-- first, then the strongest. Its own transaction and virtual transaction, which everybody has locked, say nothing. A
-- prepared transaction has no process: its locks carry the virtual transaction that it had, and so does the lock on its
-- own transaction id, by which it is found. What it locks in another database has no name here.
with everything as materialized (
    select * from pg_locks
),
prepared as (
    select virtualtransaction
      from everything
     where %(id)s < 0 and locktype = 'transactionid' and transactionid::text::bigint = -%(id)s and pid is null and granted
)
select l.granted,
       l.mode,
       extract(epoch from clock_timestamp() - l.waitstart)::float8 as waited,
       l.locktype as lock_type,
       d.datname::text as lock_database,
       case when l.database = 0 or d.datname = current_database() then l.relation::regclass::text end as relation,
       l.page,
       l.tuple,
       coalesce(l.transactionid::text, l.virtualxid) as transaction,
       /* include target */,
       (count(*) over ())::int as total
  from everything l
  left join pg_stat_activity a on a.pid = l.pid
  left join pg_database d on d.oid = l.database
 where (coalesce(a.leader_pid, l.pid) = %(id)s
        or (l.pid is null and l.virtualtransaction in (select virtualtransaction from prepared)))
   and not (l.granted and l.locktype in ('virtualxid', 'transactionid'))
 order by l.granted, array_position(%(strength)s::text[], l.mode) desc nulls last, relation, l.locktype
 limit %(most)s
