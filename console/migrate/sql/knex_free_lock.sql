-- The run is over, knex may run again.
update public.knex_migrations_lock set is_locked = 0 where is_locked = 1
