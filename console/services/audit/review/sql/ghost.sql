-- Events of accounts that are closed, deleted or unknown. The nil uuid is the system; a console's operator who is no user
-- of the platform signs with the id of his role. What a row calls itself proves nothing.
select a.user_id, null::uuid as patient_id, date_trunc('day', a.created_at, 'UTC') as unit,
       min(a.created_at) as first_at, max(a.created_at) as last_at, count(*) as events, count(*) as measure
  from public.audit_logs a
  left join public.users u on u.id = a.user_id
 where a.created_at >= %(lower)s::timestamptz and a.created_at < %(upper)s::timestamptz
   and (u.id is null or not u.is_active or u.deleted_at < a.created_at)
   and a.user_id <> '00000000-0000-0000-0000-000000000000'
   and (u.id is not null or a.user_id <> all (%(strangers)s::uuid[]))
   and a.action not in ('LOGIN_FAILED', 'ACCESS_DENIED')
 group by 1, 3
