-- The same (see database.sql) where a database may sort by ICU.
select clock_timestamp() as as_of, pg_database_size(oid) as bytes,
       format('encoding %%L lc_collate %%L lc_ctype %%L', pg_encoding_to_char(encoding), datcollate, datctype)
       || case datlocprovider when 'i' then format(' locale_provider icu icu_locale %%L', daticulocale) else '' end
           as options,
       coalesce((select array_agg(split_part(setting, '=', 1) order by 1)
                   from pg_db_role_setting s, unnest(s.setconfig) setting
                  where s.setdatabase = d.oid and s.setrole = 0), '{}') as settings,
       coalesce((select json_object_agg(extname, extversion order by extname)
                   from pg_extension where extname <> 'plpgsql'), '{}') as extensions,
       (select quote_ident(nspname) from pg_extension join pg_namespace n on n.oid = extnamespace
         where extname = 'timescaledb') as timescaledb_schema,
       (select rolcreatedb or rolsuper from pg_roles where rolname = current_user) as may_create_database
  from pg_database d
 where datname = current_database()
