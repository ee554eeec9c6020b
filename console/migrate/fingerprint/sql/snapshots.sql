-- Whether this ledger keeps snapshots, asked of the catalogue, which every role may read.
select exists (select from pg_class c join pg_namespace n on n.oid = c.relnamespace
                where n.nspname = 'emr_console' and c.relname = 'snapshot') as kept
