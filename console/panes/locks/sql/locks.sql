-- Who waits for a lock, and who is waited for: one row each, backends by their pid, prepared transactions by their
-- transaction id as a negative number. Who waits is told by pg_locks, which every role may read; the wait event of others
-- is hidden from most. Who holds a lock in a conflicting mode is told by pg_locks as well: 500 sessions that wait for one
-- row have 125,000 pairs in pg_blocking_pids, 23 ms behind the lock manager. It is asked only of those whom no holder
-- keeps waiting, that is where somebody stands before them in the queue, and of these the last one counts.
-- A parallel worker waits and holds on behalf of its leader. A waiter for somebody's row waits for his transaction; which
-- table that is, is told by the tuple that the waiter has locked meanwhile.
with conflicts (wanted, held) as (
    values ('AccessShareLock', '{AccessExclusiveLock}'::text[]),
           ('RowShareLock', '{ExclusiveLock,AccessExclusiveLock}'),
           ('RowExclusiveLock', '{ShareLock,ShareRowExclusiveLock,ExclusiveLock,AccessExclusiveLock}'),
           ('ShareUpdateExclusiveLock',
            '{ShareUpdateExclusiveLock,ShareLock,ShareRowExclusiveLock,ExclusiveLock,AccessExclusiveLock}'),
           ('ShareLock',
            '{RowExclusiveLock,ShareUpdateExclusiveLock,ShareRowExclusiveLock,ExclusiveLock,AccessExclusiveLock}'),
           ('ShareRowExclusiveLock',
            '{RowExclusiveLock,ShareUpdateExclusiveLock,ShareLock,ShareRowExclusiveLock,ExclusiveLock,'
            'AccessExclusiveLock}'),
           ('ExclusiveLock',
            '{RowShareLock,RowExclusiveLock,ShareUpdateExclusiveLock,ShareLock,ShareRowExclusiveLock,ExclusiveLock,'
            'AccessExclusiveLock}'),
           ('AccessExclusiveLock',
            '{AccessShareLock,RowShareLock,RowExclusiveLock,ShareUpdateExclusiveLock,ShareLock,ShareRowExclusiveLock,'
            'ExclusiveLock,AccessExclusiveLock}')
),
activity as materialized (
    select * from pg_stat_activity
),
moment as materialized (
    select clock_timestamp() as now
),
everything as materialized (
    select * from pg_locks
),
prepared as materialized (
    select p.owner, p.database, p.prepared, -p.transaction::text::bigint as id, l.virtualtransaction,
           /* include console.services.locking/gid */ as gid
      from pg_prepared_xacts p
      join everything l on l.locktype = 'transactionid' and l.transactionid = p.transaction and l.pid is null
),
locks as materialized (
    select coalesce(a.leader_pid, l.pid, p.id) as id,
           l.*,
           row(l.locktype, l.database, l.relation, l.page, l.tuple, l.virtualxid, l.transactionid, l.classid, l.objid,
               l.objsubid)::text as lock
      from everything l
      left join activity a on a.pid = l.pid
      left join prepared p on l.pid is null and p.virtualtransaction = l.virtualtransaction
),
waiting as materialized (
    select distinct on (id) l.*,
           /* include console.services.locking/target */
      from locks l
     where not granted
     order by id, waitstart
),
held as materialized (
    select w.id as waiter, l.id as holder, l.mode
      from waiting w
      join conflicts c on c.wanted = w.mode
      join locks l on l.lock = w.lock and l.granted and l.mode = any(c.held) and l.id <> w.id
),
holders as (
    select waiter, array_agg(distinct holder) as ids from held group by waiter
),
ahead as (
    select w.id as waiter,
           array(select b.id
                   from unnest(pg_blocking_pids(w.pid)) as before (pid)
                   join waiting b on b.id = before.pid
                  order by b.waitstart desc nulls last
                  limit 1) as ids
      from waiting w
     where not exists (select from holders h where h.waiter = w.id)
),
edges as materialized (
    select * from holders union all select * from ahead
),
tuples as (
    select distinct on (id) id, database, relation, page, tuple from locks where locktype = 'tuple' and granted order by id
),
modes as (
    select holder as id, array_agg(distinct mode) as modes from held group by holder
),
parties as (
    select id from waiting
    union
    select unnest(ids) from edges
)
select x.id,
       a.backend_start,
       a.backend_type,
       coalesce(a.usename, p.owner)::text as user,
       coalesce(a.datname, p.database)::text as database,
       a.application_name as application,
       coalesce(host(a.client_addr), case when a.client_port = -1 then 'local' end) as client,
       a.state,
       a.query_start,
       extract(epoch from n.now - a.query_start)::float8 as query_age,
       extract(epoch from n.now - coalesce(a.xact_start, p.prepared))::float8 as transaction_age,
       extract(epoch from n.now - a.state_change)::float8 as state_age,
       a.backend_xid is not null as has_written,
       substring(/* include console.services/sent */ for %(text_bytes)s) as query_text,
       p.gid,
       coalesce(e.ids, '{}') as blocked_by,
       coalesce(m.modes, '{}') as modes_held,
       w.mode as mode_wanted,
       extract(epoch from n.now - w.waitstart)::float8 as waited,
       w.locktype as lock_type,
       d.datname::text as lock_database,
       case when w.database = 0 or d.datname = current_database() then coalesce(w.relation, t.relation)::regclass::text
       end as relation,
       coalesce(w.page, t.page) as page,
       coalesce(w.tuple, t.tuple) as tuple,
       coalesce(w.transactionid::text, w.virtualxid) as transaction,
       w.class_id,
       w.object_id
  from parties x
 cross join moment n
  left join waiting w on w.id = x.id
  left join edges e on e.waiter = x.id
  left join modes m on m.id = x.id
  left join activity a on a.pid = x.id
  left join prepared p on p.id = x.id
  left join tuples t on t.id = x.id and w.locktype = 'transactionid'
  left join pg_database d on d.oid = coalesce(w.database, t.database)
