-- Whether there are rows from before year 1, which no clock of ours can say. No bounds but DEFAULT's hold them, and no
-- chunk's but their own, so nothing else is read.
select exists (select from public.audit_logs a where a.created_at < '0001-01-01 00:00:00+00'::timestamptz) as before
