-- Whether pg_stat_statements can be read here, and where: its files, its library, the extension, and our rights to it.
-- Its settings are only in pg_settings once the library is loaded; a line in postgresql.conf alone makes no row there.
-- Which libraries are loaded at start may be read by pg_read_all_settings only.
select exists (select from pg_available_extensions where name = 'pg_stat_statements') as available,
       (select setting::int from pg_settings where name = 'pg_stat_statements.max') as largest,
       (select setting from pg_settings where name = 'pg_stat_statements.track') as track,
       case when pg_has_role('pg_read_all_settings', 'usage')
            then current_setting('shared_preload_libraries') end as preloaded,
       e.extversion as version,
       n.nspname::text as schema_name,
       coalesce(has_schema_privilege(n.oid, 'usage'), false) as usable,
       coalesce((select bool_and(has_function_privilege(p.oid, 'execute'))
                   from pg_proc p
                  where p.pronamespace = n.oid
                    and p.proname in ('pg_stat_statements', 'pg_stat_statements_info')), false) as callable
  from (select) one
  left join pg_extension e on e.extname = 'pg_stat_statements'
  left join pg_namespace n on n.oid = e.extnamespace
