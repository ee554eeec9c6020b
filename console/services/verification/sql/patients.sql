-- The guide's question 5: how many tasks name their patient by which column, and whether the view of both tells of every
-- task; where row security hides tasks from this role, it hides them from both sides.
select 'Q5.1' as id,
       'tasks, by how they name their patient' as name,
       true as ok,
       null::text as expected,
       format('%%s tasks, %%s with patient_uuid, %%s with patient_id', count(*), count(patient_uuid),
              count(to_jsonb(t) ->> 'patient_id')) as found,
       null::text as remedy
  from public.tasks t
union all
select 'Q5.2', 'tasks_with_patients tells of every task',
       (select count(*) from public.tasks_with_patients) = (select count(*) from public.tasks),
       (select count(*) from public.tasks)::text,
       (select count(*) from public.tasks_with_patients)::text,
       null
 order by 1
