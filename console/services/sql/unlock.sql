-- Gives the lock back where the session outlives the work, as on a server that is one session for all.
select pg_advisory_unlock(%(space)s, %(key)s)
