-- Which rows an export sees, for its manifest.
select pg_current_snapshot()::text as id, pg_current_wal_lsn()::text as lsn, transaction_timestamp() as taken_at
