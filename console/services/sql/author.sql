-- Who sent a statement: where its role looks for names in this database, unless its sessions say otherwise (what ALTER
-- ROLE and ALTER DATABASE have set, else PostgreSQL's own default; our own setting finds pg_catalog only), whether we may
-- take its rights, and whose code could be reached besides PostgreSQL's own and superusers': of roles that somebody else
-- can log in as. No row where there is no such role. Before PostgreSQL 16 every member of a role could take it.
/* include author */
       pg_has_role(session_user, r.oid, 'member') as ours,
       /* include strangers */ as strangers
  from pg_roles r
 where r.rolname = %(role)s
