-- The locks that a rollback needs which locks every table and reads it: one for each table and partition, one for each
-- of their indexes; how many engines are at work on this server, each in a database of its own, and may need as many;
-- and for how many the server has room.
select (select count(*) from pg_class c join pg_namespace n on n.oid = c.relnamespace
         where c.relkind in ('r', 'p', 'i', 'I') and c.relpersistence <> 't'
           and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast')) as needed,
       (select count(*) from pg_locks
         where locktype = 'advisory' and classid = %(space)s and objid = %(key)s and objsubid = 2 and granted) as runs,
       current_setting('max_locks_per_transaction')::bigint as each,
       current_setting('max_connections')::bigint + current_setting('max_prepared_transactions')::bigint as sessions
