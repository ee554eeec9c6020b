-- Whoever places or releases a hold waits here until this transaction has ended; those who destroy rows do not wait for
-- each other. A question of its own, so that the next one sees what was placed while this one waited.
select pg_advisory_xact_lock_shared(%(space)s, %(key)s)
