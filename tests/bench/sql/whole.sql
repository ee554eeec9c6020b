-- A search as one statement, as anybody would write it: what the walk is measured beside. From a place on it is a page by
-- its key alone, from the beginning with an OFFSET one by counting, and without LIMIT it is everything.
select a.id, a.created_at, a.user_id, a.action, a.entity_type, a.entity_id, a.emr_system as system,
       mask.mrn(a.emr_patient_id) as patient, mask.ip(a.ip_address) as ip, a.session_id, a.request_id
  from public.audit_logs a
 where a.created_at <= %(upper)s::timestamptz
   and (%(upper_id)s::uuid is null or (a.created_at, a.id) < (%(upper)s::timestamptz, %(upper_id)s::uuid))
   and (%(lower)s::timestamptz is null or a.created_at >= %(lower)s::timestamptz)
   /* include console.services.audit/conditions */
 order by a.created_at desc, a.id desc
offset %(skipped)s
 limit %(most)s
