-- The room that a query of a whole table has: places in the server's lock table, of which each chunk takes one and each
-- of its indexes one more; and the indexes that each chunk has.
select current_setting('max_locks_per_transaction')::bigint
         * (current_setting('max_connections')::int + current_setting('max_prepared_transactions')::int) as lock_slots,
       (select count(*) from pg_index i where i.indrelid = %(oid)s::oid) as indexes
