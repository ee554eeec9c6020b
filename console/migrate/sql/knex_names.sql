-- What knex believes to be applied.
select name, batch from public.knex_migrations order by id
