-- Looks at patients with whom neither the person nor his department had a task or a handover around that time.
with /* include seen */, looked as (
    select user_id, patient_id, mrn, date_trunc('day', created_at, 'UTC') as unit,
           min(created_at) as first_at, max(created_at) as last_at, count(*) as events
      from seen
     group by 1, 2, 3, 4
)
select l.user_id, l.patient_id, l.unit, l.first_at, l.last_at, l.events, %(care_days)s::bigint as measure
  from looked l
  join public.users u on u.id = l.user_id
 where not exists (
           select from public.tasks t
            where t.patient_uuid = l.patient_id
              and (t.department_id = u.department_id or t.assigned_to = u.id or t.created_by = u.id)
              and t.created_at < l.first_at + make_interval(days => %(care_days)s)
              and greatest(t.created_at, t.updated_at, t.due_date) >= l.first_at - make_interval(days => %(care_days)s))
   and not exists (
           select from public.handover_items i
             join public.handovers h on h.id = i.handover_id
             join public.shifts s on s.id in (h.from_shift_id, h.to_shift_id)
            where i.patient_mrn = l.mrn and s.department_id = u.department_id
              and h.created_at >= l.first_at - make_interval(days => %(care_days)s)
              and h.created_at < l.first_at + make_interval(days => %(care_days)s))
