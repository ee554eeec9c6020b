-- Whether the role is there, as which the platform's services ask.
select exists (select from pg_roles r where r.rolname = %(role)s) as exists
