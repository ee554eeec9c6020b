-- The events of one window of an export, in the order in which they happened. Both ends of the window stand here, so that
-- no more than its chunks or partitions are looked at. Events of users who have gone stay.
select u.username::text as username,
       /* include columns */
  from public.audit_logs a
  left join public.users u
    on u.id = a.user_id
 where a.created_at >= %(lower)s::timestamptz
   and a.created_at <= %(upper)s::timestamptz
   /* include console.services.audit/conditions */
 order by a.created_at, a.id
