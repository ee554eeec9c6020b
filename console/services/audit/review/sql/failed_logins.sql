-- Failed sign-ins one after the other: somebody tries passwords.
select a.user_id, null::uuid as patient_id, date_trunc('hour', a.created_at, 'UTC') as unit,
       min(a.created_at) as first_at, max(a.created_at) as last_at, count(*) as events, count(*) as measure
  from public.audit_logs a
 where a.created_at >= %(lower)s::timestamptz and a.created_at < %(upper)s::timestamptz
   and a.action = 'LOGIN_FAILED'
 group by 1, 3
having count(*) >= %(failed_logins)s
