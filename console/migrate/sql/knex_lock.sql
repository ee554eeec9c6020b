-- Whether knex's lock row says that somebody runs; the row names nobody.
select coalesce(max(is_locked), 0) = 1 as yes from public.knex_migrations_lock
