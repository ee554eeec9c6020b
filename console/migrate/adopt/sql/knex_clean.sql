-- Of every name that stands in knex's table more than once the first row stays.
delete from public.knex_migrations as later
 where exists (select from public.knex_migrations as first where first.name = later.name and first.id < later.id)
