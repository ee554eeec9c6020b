-- What knex believes to be applied, and since when; the same name may stand here twice, nothing forbids it.
select id, name, batch, migration_time from public.knex_migrations order by id
