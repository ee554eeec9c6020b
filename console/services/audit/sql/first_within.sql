-- The first event in a window whose both ends stand here.
select min(a.created_at) as oldest
  from public.audit_logs a
 where a.created_at >= %(lower)s::timestamptz
   and a.created_at < %(upper)s::timestamptz
