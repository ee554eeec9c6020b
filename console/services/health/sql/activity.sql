-- Who holds a transaction open, who waits for whom and how long, and what is prepared: one row for all checks on
-- sessions. Our own lanes are left out by pid and not by name, which anybody may choose. pg_locks and pg_blocking_pids
-- hold the lock manager for a moment, so they are asked only while somebody waits.
with backend as materialized (
    select a.pid, a.backend_start, a.backend_type, a.usename, a.datname, a.application_name, a.state,
           a.wait_event_type = 'Lock' as waits, a.xact_start, a.state_change, a.query_start
      from pg_stat_activity a
     where a.pid <> all (%(ours)s::int[])
), waiting as materialized (
    select b.pid, pg_blocking_pids(b.pid) as blocked_by, coalesce(l.since, b.query_start) as since
      from backend b
      left join (select pid, min(waitstart) as since
                   from pg_locks
                  where not granted and exists (select from backend where waits)
                  group by pid) l using (pid)
     where b.waits
), told as (
    select b.*
      from backend b
     where b.waits
        or b.pid in (select unnest(blocked_by) from waiting)
        or (b.backend_type = 'client backend' and b.xact_start < clock_timestamp() - interval '1 second')
     order by b.xact_start nulls last
     limit 200
)
select clock_timestamp() as as_of,
       pg_has_role('pg_read_all_stats', 'usage') as complete,
       (select count(*) filter (where backend_type = 'client backend'
                                   or (backend_type is null and usename is not null))
          from pg_stat_activity) as connections,
       current_setting('max_connections')::int
         - current_setting('superuser_reserved_connections')::int
         - coalesce(current_setting('reserved_connections', true)::int, 0) as connection_limit,
       coalesce((select jsonb_agg(jsonb_build_object(
                            'pid', t.pid,
                            'backend_start', t.backend_start,
                            'kind', t.backend_type,
                            'user', t.usename,
                            'database', t.datname,
                            'application', t.application_name,
                            'state', t.state,
                            'transaction_age', extract(epoch from clock_timestamp() - t.xact_start),
                            'state_age', extract(epoch from clock_timestamp() - t.state_change)))
                   from told t), '[]') as backends,
       coalesce((select jsonb_agg(jsonb_build_object(
                            'pid', w.pid,
                            'blocked_by', w.blocked_by,
                            'seconds', extract(epoch from clock_timestamp() - w.since)))
                   from waiting w), '[]') as waits,
       (select count(*) from pg_prepared_xacts) as prepared,
       (select extract(epoch from clock_timestamp() - min(prepared))::float8 from pg_prepared_xacts) as prepared_age
