-- Partitions for some weeks, made before the rows come; a few at a time, because each holds its locks to the commit.
SELECT audit_ensure_partitions(%(first)s::timestamptz, %(last)s::timestamptz)
