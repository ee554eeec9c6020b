-- Many looks in one day at patients whose care is over, or has not begun: a few belong to the work, since letters are
-- written and patients registered; so they do not count one by one. Whoever belongs to no department has no others.
with /* include seen */, /* include care */
select user_id, null::uuid as patient_id, unit, min(first_at) as first_at, max(last_at) as last_at,
       sum(events)::bigint as events, count(*) as measure
  from cared
 where not now and (ever or not others or department_id is null)
 group by user_id, unit
having count(*) >= %(past_patients)s
