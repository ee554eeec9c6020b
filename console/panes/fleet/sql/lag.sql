-- How many seconds this standby is behind, or, on a primary, the slowest of its standbys; null where there is nothing to
-- be behind. A standby that has replayed all it was sent is not behind, however long ago the primary's last write was.
select (case when not pg_is_in_recovery()
             then (select extract(epoch from max(replay_lag)) from pg_stat_replication)
             when pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() then 0
             else extract(epoch from clock_timestamp() - pg_last_xact_replay_timestamp())
        end)::float8 as lag
