-- How the server feels, in one row: it rides behind every refresh and feeds header, alerts and sparklines, so it asks
-- only what is at hand. Who waits is told by wait_event_type; pg_blocking_pids would hold the lock manager for it.
-- What a role without pg_read_all_stats would count too low is null. A hidden client still has its user.
select clock_timestamp() as as_of,
       pg_postmaster_start_time() as started,
       pg_is_in_recovery() as in_recovery,
       a.connections,
       current_setting('max_connections')::int
         - current_setting('superuser_reserved_connections')::int
         - coalesce(current_setting('reserved_connections', true)::int, 0) as connection_limit,
       d.xact_commit + d.xact_rollback as transactions,
       d.stats_reset,
       case when a.complete then a.blocked end as blocked,
       case when a.complete then a.longest_transaction end as longest_transaction
  from pg_stat_database d
 cross join (select pg_has_role('pg_read_all_stats', 'usage') as complete,
                    count(*) filter (where backend_type = 'client backend'
                                        or (backend_type is null and usename is not null)) as connections,
                    count(*) filter (where wait_event_type = 'Lock') as blocked,
                    extract(epoch from max(clock_timestamp() - xact_start)
                              filter (where backend_type = 'client backend'
                                        and pid <> pg_backend_pid()))::float8 as longest_transaction
               from pg_stat_activity) a
 where d.datname = current_database()
