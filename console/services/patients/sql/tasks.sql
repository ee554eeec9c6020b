-- A patient's tasks by status, and how many of them are late.
select t.status::text as status, count(*) as tasks,
       count(*) filter (where t.due_date < now() and t.status <> 'COMPLETED') as overdue
  from public.tasks t
 where t.patient_uuid = %(id)s::uuid and t.deleted_at is null
 group by t.status
 order by t.status
