-- Who follows this server: how many bytes of WAL each has still to get, flush and replay, and how long WAL takes to be
-- flushed and replayed there; null where nothing was written lately. A cascading standby sends what it has received.
-- From a role without pg_read_all_stats everything about others is hidden but that they are there.
select r.pid,
       r.application_name as name,
       r.usename::text as user,
       coalesce(host(r.client_addr), case when r.client_port = -1 then 'local' end) as client,
       r.backend_start,
       r.state,
       r.sync_state,
       pg_wal_lsn_diff(w.here, r.sent_lsn)::bigint as send_bytes,
       pg_wal_lsn_diff(w.here, r.flush_lsn)::bigint as flush_bytes,
       pg_wal_lsn_diff(w.here, r.replay_lsn)::bigint as replay_bytes,
       extract(epoch from r.flush_lag)::float8 as flush_seconds,
       extract(epoch from r.replay_lag)::float8 as replay_seconds,
       extract(epoch from clock_timestamp() - r.reply_time)::float8 as silent_seconds
  from pg_stat_replication r
 cross join (select case when pg_is_in_recovery() then pg_last_wal_receive_lsn()
                         else pg_current_wal_lsn() end as here) w
 order by r.application_name, r.pid
