-- For whom WAL is kept, how much, and whether it will be kept any longer. A slot that nobody reads fills the disk.
/* include slot */,
       null::timestamptz as inactive_since,
       null::text as invalidated
  from pg_replication_slots s
 cross join (select case when pg_is_in_recovery() then pg_last_wal_replay_lsn() else pg_current_wal_lsn() end as here) w
 order by s.slot_name
