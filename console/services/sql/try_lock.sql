-- One piece of work of its kind at a time in a database. The lock belongs to the session, so that it is free when that is
-- gone.
select pg_try_advisory_lock(%(space)s, %(key)s) as held
