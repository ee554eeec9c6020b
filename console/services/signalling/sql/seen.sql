-- Who has a pid now, and whose members may signal him: null means only a superuser. From a role that may signal but not
-- see him his start is hidden. The role for autovacuum came with PostgreSQL 18.
select a.backend_start,
       a.query_start,
       a.state,
       case when a.backend_type = 'autovacuum worker' then to_regrole('pg_signal_autovacuum_worker')::text
            when a.usesysid is null or r.rolsuper then null
            else 'pg_signal_backend'
       end as needs
  from pg_stat_activity a
  left join pg_roles r on r.oid = a.usesysid
 where a.pid = %(pid)s
