-- Ends a session of our own that does not come back from planning somebody else's statement.
select pg_terminate_backend(%(pid)s) as ended
