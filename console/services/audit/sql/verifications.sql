-- The verifications of tasks: the application names them as entities of their own.
select v.id
  from public.emr_verifications v
 where v.task_id = any (%(tasks)s::uuid[])
