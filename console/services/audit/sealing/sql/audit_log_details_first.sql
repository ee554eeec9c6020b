-- The first row of audit_log_details in a span; its day, or at the beginning of all the first day that is sealed.
select min(r.created_at) as at
  from public.audit_log_details r
 where r.created_at >= %(lower)s::timestamptz and r.created_at < %(upper)s::timestamptz
