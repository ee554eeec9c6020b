-- What row security leaves of patients and tasks to whoever we are in this transaction.
select (select count(*) from public.patients) as patients,
       (select count(*) from public.tasks) as tasks,
       case when %(id)s::uuid is not null
            then exists (select from public.patients p where p.id = %(id)s::uuid) end as this_one
