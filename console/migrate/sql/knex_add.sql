-- Keep knex's table true, in the migration's transaction; its names end in .ts.
insert into public.knex_migrations (name, batch, migration_time)
select %(name)s::text, %(batch)s, clock_timestamp()
 where not exists (select from public.knex_migrations where name = %(name)s::text)
