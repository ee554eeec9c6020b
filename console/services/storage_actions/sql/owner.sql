-- Who owns a table, and whether he can sign in: TimescaleDB makes no policy for one who cannot.
select r.rolname::text as owner, r.rolcanlogin as login
  from pg_class c join pg_roles r on r.oid = c.relowner
 where c.oid = %(table)s::regclass
