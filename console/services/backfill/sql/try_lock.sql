-- One backfill a database: two would not harm each other, but each would find the other's rows locked.
select pg_try_advisory_lock(%(space)s, %(key)s) as held
