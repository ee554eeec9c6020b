-- Facts about the server, the database and our role that decide what can be shown and done. Asked once a connection.
-- What the database is for is read from ALTER DATABASE itself: a setting of the client or of the role may make a database
-- production, but never make production something else. The search path may be a stranger's here, too, so types are
-- written out where a function or operator of his could fit better than PostgreSQL's.
select current_setting('server_version_num')::int as version_num,
       split_part(current_setting('server_version'), ' ', 1) as version,
       current_database()::text as database,
       session_user::text as session_user,
       current_user::text as user,
       r.rolsuper as superuser,
       r.rolbypassrls or r.rolsuper as bypasses_rls,
       pg_is_in_recovery() as in_recovery,
       current_setting('default_transaction_read_only')::boolean as read_only,
       pg_backend_pid() = 0 as single_session,
       array(select g.rolname::text
               from pg_roles g
              where g.rolname::text like 'pg\_%%' and pg_has_role(current_user, g.oid, 'USAGE')
              order by 1) as predefined_roles,
       (select extversion from pg_extension where extname = 'timescaledb') as timescaledb,
       current_setting('timescaledb.license', true) as timescaledb_license,
       case when lower(current_setting('emr.environment', true)) = 'production' then 'production'
            else (select nullif(split_part(c, '=', 2), '')
                    from pg_db_role_setting s cross join pg_catalog.unnest(s.setconfig) c
                   where s.setrole = 0::oid and c like 'emr.environment=%%'
                     and s.setdatabase = (select oid from pg_database where datname = current_database()))
       end as environment,
       not pg_is_in_recovery()
       and coalesce(has_table_privilege(to_regclass('public.audit_logs')::oid, 'insert'), false) as audited,
       (select ssl from pg_stat_ssl where pid = pg_backend_pid()) as tls
  from pg_roles r
 where r.rolname = current_user
