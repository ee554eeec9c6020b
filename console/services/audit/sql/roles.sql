-- The roles of this server: whoever looks through this console without being a user of the platform signs as his role.
select rolname::text as name from pg_catalog.pg_roles
