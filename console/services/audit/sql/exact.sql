-- How many events of a search there are in a span of time, counted; on request only.
select count(*) as events
  from public.audit_logs a
 where a.created_at <= %(upper)s::timestamptz
   and a.created_at >= %(lower)s::timestamptz
   /* include conditions */
