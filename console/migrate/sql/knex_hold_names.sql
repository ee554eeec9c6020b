-- Nobody may hang a trigger, rule or policy on knex's table from here to the end of the transaction.
lock table public.knex_migrations in row exclusive mode
