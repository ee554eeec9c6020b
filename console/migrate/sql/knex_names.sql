-- What knex believes to be applied.
select name, batch from knex_migrations order by id
