-- The same for a role that may not read users. Both ends of the window stand here, too.
select null::text as username,
       /* include columns */,
       /* include purpose */
  from public.audit_logs a
 where a.created_at >= %(lower)s::timestamptz
   and a.created_at <= %(upper)s::timestamptz
   /* include console.services.audit/conditions */
 order by a.created_at, a.id
