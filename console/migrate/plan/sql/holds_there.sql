-- Whether this ledger has a place for legal holds: it came with the third version.
select exists (select from pg_class c join pg_namespace n on n.oid = c.relnamespace
                where n.nspname = 'emr_console' and c.relname = 'hold') as yes
