-- The same from PostgreSQL 16 on, where membership alone does not give the right to take a role.
/* include author */
       pg_has_role(session_user, r.oid, 'set') as ours,
       /* include strangers */ as strangers
  from pg_roles r
 where r.rolname = %(role)s
