-- How far a standby is: what it has received and not yet replayed, when it last heard of its primary, how often it had
-- to end queries that stood in the way. The time of the last replayed transaction tells a lag only while something is
-- left to replay: on a quiet primary it just grows old. One row on a standby, none elsewhere.
select r.status,
       r.sender_host as sender,
       r.sender_port,
       r.slot_name::text as slot,
       extract(epoch from clock_timestamp() - r.last_msg_receipt_time)::float8 as silent_seconds,
       pg_wal_lsn_diff(r.latest_end_lsn, r.flushed_lsn)::bigint as receive_bytes,
       greatest(0, pg_wal_lsn_diff(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn()))::bigint as replay_bytes,
       case when pg_last_wal_receive_lsn() is distinct from pg_last_wal_replay_lsn()
            then extract(epoch from clock_timestamp() - pg_last_xact_replay_timestamp())::float8
            else 0
       end as replay_seconds,
       pg_last_xact_replay_timestamp() as replayed_at,
       pg_get_wal_replay_pause_state() as pause_state,
       (select sum(confl_tablespace + confl_lock + confl_snapshot + confl_bufferpin + confl_deadlock)::bigint
          from pg_stat_database_conflicts) as conflicts,
       current_setting('hot_standby_feedback')::boolean as feedback
  from (select pg_is_in_recovery() as yes) standby
  left join pg_stat_wal_receiver r on true
 where standby.yes
