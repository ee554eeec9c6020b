-- Everybody who is connected to this server, one row a backend.
-- Ages are taken from clock_timestamp(): now() would be the start of our own transaction. pg_blocking_pids holds the
-- lock manager for a moment, so it is asked only for backends that wait on a lock (1 ms instead of 34 with 100 waiting).
-- The text is cut: it is read every two seconds; the detail view reads it whole. Whoever sleeps as at the last reading is
-- left out, and only counted by asleep.sql.
select a.pid,
       a.backend_start,
       a.backend_type,
       a.leader_pid,
       a.usename::text as user,
       a.datname::text as database,
       a.application_name as application,
       coalesce(host(a.client_addr), case when a.client_port = -1 then 'local' end) as client,
       a.state,
       a.wait_event_type,
       a.wait_event,
       a.query_start,
       extract(epoch from clock_timestamp() - a.query_start)::float8 as query_age,
       extract(epoch from clock_timestamp() - a.xact_start)::float8 as transaction_age,
       extract(epoch from clock_timestamp() - a.state_change)::float8 as state_age,
       a.backend_xid is not null as has_written,
       greatest(age(a.backend_xmin), age(a.backend_xid)) as horizon,
       case when a.wait_event_type = 'Lock' then pg_blocking_pids(a.pid) else '{}' end as blocked_by,
       substring(/* include console.services/sent */ for %(text_bytes)s) as query_text,
       /* include fingerprint */ as fingerprint
  from pg_stat_activity a
 where (/* include connected */)
   and (/* include asleep */) is not true
 order by a.pid
