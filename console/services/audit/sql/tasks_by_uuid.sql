-- The tasks of patients, by the link that 004 made.
select t.id, t.emr_system::text as system, null::text as emr_patient_id, t.patient_uuid
  from public.tasks t
 where t.patient_uuid = any (%(ids)s::uuid[])
