-- Nobody may hang a trigger, rule or policy on knex's lock table from here to the end of the transaction.
lock table public.knex_migrations_lock in row exclusive mode
