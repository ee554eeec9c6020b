-- The first row of audit_logs in a span; its day, or at the beginning of all the first day that is sealed.
-- One from before year 1, which no clock of ours can say, counts as of its beginning.
select case when min(r.created_at) < '0001-01-01 00:00:00+00'::timestamptz then '0001-01-01 00:00:00+00'::timestamptz
            else min(r.created_at) end as at
  from public.audit_logs r
 where r.created_at >= %(lower)s::timestamptz and r.created_at < %(upper)s::timestamptz
