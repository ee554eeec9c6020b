-- What this session really is, asked of the server itself: the process behind it (0: one backend for all clients),
-- and the settings we asked for, in pg_settings' own units, so that they can be compared with what was wanted. Here no
-- search path is ours yet: whatever takes any type is called by its full name, or a stranger's could fit better.
select pg_backend_pid() as pid,
       coalesce((select pg_catalog.jsonb_object_agg(name, setting)
                   from pg_settings
                  where name = any(%(names)s)), '{}'::jsonb) as settings
