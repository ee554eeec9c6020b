-- Which cluster, database and backend this is, so that after a lost connection the same one is asked.
select (select system_identifier from pg_control_system()) as cluster,
       (select oid::bigint from pg_database where datname = current_database()) as database,
       (select backend_start from pg_stat_activity where pid = pg_backend_pid()) as backend_start
