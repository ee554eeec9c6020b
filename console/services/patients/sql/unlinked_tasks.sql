-- The same of tasks that know their patient only by the EMR's id, as it was before 004 and until 007.
select t.status::text as status, count(*) as tasks,
       count(*) filter (where t.due_date < now() and t.status <> 'COMPLETED') as overdue
  from public.patients p
  join public.tasks t on t.patient_id = p.emr_patient_id and t.emr_system = p.emr_system
 where p.id = %(id)s::uuid and t.patient_uuid is null and t.deleted_at is null
 group by t.status
 order by t.status
