-- Give the lock back before the session ends; where one backend serves all connections it would stay for ever.
select pg_advisory_unlock(%(space)s, %(key)s)
