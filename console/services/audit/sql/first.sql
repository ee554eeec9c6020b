-- The oldest row of all, where no partition's bounds tell it.
select min(a.created_at) as oldest
  from public.audit_logs a
