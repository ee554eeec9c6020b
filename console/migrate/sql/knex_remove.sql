-- Keep knex's table true, in the rollback's transaction.
delete from public.knex_migrations where name = %(name)s
