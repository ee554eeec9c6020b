-- Looks at patients whom only others care for: neither the person nor his department ever had a task or handover of them.
-- Of a person who looks at very many such patients in one day that is told once.
with /* include seen */, /* include care */, strangers as (
    select *, count(*) over (partition by user_id, unit) as patients
      from cared
     where others and not ever and department_id is not null
)
select user_id, patient_id, unit, first_at, last_at, events, 1::bigint as measure
  from strangers
 where patients < %(care_patients)s
 union all
select user_id, null, unit, min(first_at), max(last_at), sum(events)::bigint, count(*)
  from strangers
 where patients >= %(care_patients)s
 group by user_id, unit
