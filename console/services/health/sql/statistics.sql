-- What the server has counted, how far it is from a freeze, who follows it, for whom it keeps WAL, and settings that
-- lose data or let it out: one row, all of it at hand. pg_settings would work out all of its 400 settings for these few.
-- Where nothing needs a freeze, the age is told as 2147483647. A standby tells how far it is behind itself, as long as
-- something is still to be replayed.
select clock_timestamp() as as_of,
       d.blks_hit,
       d.blks_read,
       d.deadlocks,
       d.stats_reset as counted_since,
       d.checksum_failures,
       f.datname::text as oldest_database,
       coalesce(f.frozen_age, 0) as frozen_age,
       f.multixact_age,
       w.archived_count,
       w.failed_count,
       w.last_archived_time,
       w.last_failed_time,
       current_setting('archive_mode') as archive_mode,
       (select jsonb_object_agg(s, current_setting(s, true))
          from unnest(%(settings)s::text[]) s) as settings,
       (select count(*) from pg_stat_get_activity(null)
         where backend_type = 'TimescaleDB Background Worker Scheduler') as schedulers,
       l.in_recovery,
       pg_has_role('pg_read_all_stats', 'usage') as complete,
       case when l.in_recovery and pg_last_wal_receive_lsn() is distinct from l.lsn
            then extract(epoch from clock_timestamp() - pg_last_xact_replay_timestamp())::float8 end as own_lag,
       coalesce((select jsonb_agg(jsonb_build_object('standby', application_name, 'state', state,
                                                     'seconds', extract(epoch from replay_lag)))
                   from pg_stat_replication), '[]') as standbys,
       coalesce((select jsonb_agg(jsonb_build_object('slot', slot_name, 'active', active, 'wal_status', wal_status,
                                                     'bytes', pg_wal_lsn_diff(l.lsn, restart_lsn)))
                   from pg_replication_slots
                  where not temporary), '[]') as slots
  from pg_stat_database d
 cross join pg_stat_archiver w
 cross join (select datname, nullif(age(datfrozenxid), 2147483647) as frozen_age,
                    max(mxid_age(datminmxid)) over () as multixact_age
               from pg_database
              order by 2 desc nulls last
              limit 1) f
 cross join (select r.in_recovery,
                    case when r.in_recovery then pg_last_wal_replay_lsn() else pg_current_wal_lsn() end as lsn
               from (select pg_is_in_recovery() as in_recovery) r) l
 where d.datname = current_database()
