-- Whether any table of the application holds something: in an empty database nobody waits and nothing can be lost.
select exists (select from pg_class c
                 join pg_namespace n on n.oid = c.relnamespace
                where c.relkind in ('r', 'm')
                  and n.nspname not in ('pg_catalog', 'information_schema', 'emr_console')
                  and n.nspname not like 'pg\_toast%%'
                  and pg_relation_size(c.oid) > 0) as yes
