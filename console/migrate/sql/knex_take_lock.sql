-- Knex's own lock, committed by itself: inside a migration's transaction it would exclude nobody.
update public.knex_migrations_lock set is_locked = 1 where is_locked = 0
