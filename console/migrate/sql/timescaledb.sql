-- What decides between the two flavours: is TimescaleDB here, with which licence, or could we create it? The settings
-- timescaledb.* exist only where its loader was preloaded; every role may see them.
select (select extversion from pg_extension where extname = 'timescaledb') as installed,
       (select default_version from pg_available_extensions where name = 'timescaledb') as available,
       current_setting('timescaledb.license', true) as license,
       exists (select from pg_settings
                where name like 'timescaledb.%%'
                   or (name = 'shared_preload_libraries' and setting like '%%timescaledb%%')) as preloaded,
       (select rolsuper from pg_roles where rolname = current_user)
       or (has_database_privilege(current_database(), 'CREATE')
           and exists (select from pg_available_extension_versions
                        where name = 'timescaledb' and trusted)) as may_create
