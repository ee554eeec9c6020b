-- One window of a walk through the audit log, the newest first, at most so many rows.
-- Both ends of the window stand beside the key: a row comparison alone excludes no chunk and no partition (365 weeks cost
-- 50-270 ms of planning and thousands of locks), and an OFFSET would read all that it skips. Neither `changes` nor
-- `metadata` is read here, unless somebody searches in the latter: one of them may have 100 MB. Who the users are is
-- asked apart: our role may not read them, and events of those who are gone stay. The page is found before it is masked:
-- beside the ORDER BY every row of the window would be, and that is most of what a page costs.
select e.id, e.created_at, e.user_id, e.action, e.entity_type, e.entity_id, e.emr_system as system,
       mask.mrn(e.emr_patient_id) as patient, mask.ip(e.ip_address) as ip, e.session_id, e.request_id
  from (
    select a.id, a.created_at, a.user_id, a.action, a.entity_type, a.entity_id, a.emr_system, a.emr_patient_id,
           a.ip_address, a.session_id, a.request_id
      from public.audit_logs a
     where a.created_at <= %(upper)s::timestamptz
       and a.created_at >= %(lower)s::timestamptz
       and (a.created_at, a.id) < (%(upper)s::timestamptz, %(upper_id)s::uuid)
       /* include conditions */
     order by a.created_at desc, a.id desc
     limit %(most)s
  ) as e
 order by e.created_at desc, e.id desc
