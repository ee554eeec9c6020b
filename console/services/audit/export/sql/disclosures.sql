-- The disclosures of one window, in the order in which they happened, as events.sql has events. Both ends stand here.
select u.username::text as username,
       /* include columns */,
       /* include purpose */
  from public.audit_logs a
  left join public.users u
    on u.id = a.user_id
 where a.created_at >= %(lower)s::timestamptz
   and a.created_at <= %(upper)s::timestamptz
   /* include console.services.audit/conditions */
 order by a.created_at, a.id
