-- The latest handovers that speak of a patient; what they say of him is not read.
select i.created_at as handed_over_at, i.priority::text as priority, i.status::text as status,
       coalesce(i.action_required, false) as action_required, coalesce(i.is_acknowledged, false) as acknowledged
  from public.patients p
  join public.handover_items i on i.patient_mrn = p.mrn
 where p.id = %(id)s::uuid
 order by i.created_at desc, i.id
 limit %(most)s
