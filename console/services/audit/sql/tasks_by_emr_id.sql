-- The tasks of patients, by the EMR's id as it was before 004; a patient may be known from nowhere else. An id alone does
-- not tell the patient: two EMRs may use the same one.
select t.id, t.emr_system::text as system, t.patient_id::text as emr_patient_id, null::uuid as patient_uuid
  from public.tasks t
 where t.patient_id = any (%(emr_ids)s::text[])
