-- The one lock of the engine. Never the waiting form: a session that waits for it deadlocks CREATE INDEX CONCURRENTLY.
select pg_try_advisory_lock(%(space)s, %(key)s) as yes
