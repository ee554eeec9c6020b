-- Which ledgers are here, asked of the catalogue, which every role may read; to_regclass raises without USAGE.
select clock_timestamp() as as_of,
       exists (select from pg_class c join pg_namespace n on n.oid = c.relnamespace
                where n.nspname = 'emr_console' and c.relname = 'meta') as ledger,
       exists (select from pg_class where relname = 'knex_migrations' and pg_table_is_visible(oid)) as knex,
       exists (select from pg_class where relname = 'knex_migrations_lock' and pg_table_is_visible(oid)) as knex_lock
