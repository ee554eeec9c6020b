-- Whether any table of the application holds something: in an empty database nobody waits and nothing can be lost. One
-- that somebody holds for himself alone is taken to hold something; its size would have to wait for him.
with held as materialized (
    select relation from pg_locks
     where database = (select oid from pg_database where datname = current_database())
       and mode = 'AccessExclusiveLock' and granted and pid <> pg_backend_pid()
)
select exists (select from pg_class c
                 join pg_namespace n on n.oid = c.relnamespace
                where c.relkind in ('r', 'm')
                  and n.nspname not in ('pg_catalog', 'information_schema', 'emr_console')
                  and n.nspname not like 'pg\_toast%%'
                  and case when c.oid in (select relation from held) then true else pg_relation_size(c.oid) > 0 end) as yes
