-- Whoever places or releases a hold waits here for those who are dropping rows, and the other way round: a hold that a
-- person was told of is one that every drop after it sees.
select pg_advisory_xact_lock(%(space)s, %(key)s)
