-- The newest row, where one is dated ahead of the clock: whoever writes a row chooses its moment. The index of what is
-- ahead of us tells it: of a few partitions, and of DEFAULT. A row from the end of year 9999 or later, which no clock of
-- ours can say, would otherwise hide how far ahead all others are.
select case when max(a.created_at) > '9999-12-30 00:00:00+00'::timestamptz then '9999-12-30 00:00:00+00'::timestamptz
            else max(a.created_at) end as newest,
       coalesce(max(a.created_at) > '9999-12-30 00:00:00+00'::timestamptz, false) as beyond
  from public.audit_logs a
 where a.created_at > %(now)s::timestamptz
