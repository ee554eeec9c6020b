-- The oldest row of all, where no partition's bounds tell it. Whoever writes a row chooses its moment: one from before
-- year 1, which no clock of ours can say, would otherwise hide how far back all others reach.
select case when min(a.created_at) < '0001-01-01 00:00:00+00'::timestamptz then '0001-01-01 00:00:00+00'::timestamptz
            else min(a.created_at) end as oldest
  from public.audit_logs a
