-- Partitions for the weeks to come, whenever the demo starts: it may have slept for months, and its traffic writes now.
SELECT audit_ensure_partitions(now(), now() + interval '8 weeks')
