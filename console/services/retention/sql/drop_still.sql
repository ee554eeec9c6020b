-- Whoever drops rows keeps holds from being placed or released until he is through; droppers do not wait for each other.
select pg_advisory_xact_lock_shared(%(space)s, %(key)s)
