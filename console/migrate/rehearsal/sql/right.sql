-- Whether a database may be made by the role that we act as.
select rolcreatedb or rolsuper as createdb, rolname::text as role from pg_roles where rolname = current_user
