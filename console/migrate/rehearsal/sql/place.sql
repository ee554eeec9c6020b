-- Proof that a session is in the scratch database and nowhere else, before its first statement.
select current_database()::text as database,
       to_regclass('tasks') is null
       and not exists (select from pg_class c join pg_namespace n on n.oid = c.relnamespace
                        where n.nspname !~ '^pg_' and n.nspname <> 'information_schema') as empty
