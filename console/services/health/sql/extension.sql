-- Which TimescaleDB is here, and which could be. The server reads the files of every extension for that, so it is asked
-- when somebody begins to look.
select x.extversion as installed,
       a.default_version as available,
       current_setting('timescaledb.license', true) as license,
       coalesce(current_setting('timescaledb.restoring', true)::boolean, false) as restoring
  from pg_extension x
  join pg_available_extensions a on a.name = x.extname
 where x.extname = 'timescaledb'
