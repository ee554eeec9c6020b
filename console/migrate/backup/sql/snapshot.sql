-- The snapshot of this transaction, for pg_dump to see exactly what is counted here, and a moment not after it.
select pg_export_snapshot() as id, now() as taken_at
