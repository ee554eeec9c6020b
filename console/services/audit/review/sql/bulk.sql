-- Very many patients within one hour.
with /* include seen */
select user_id, null::uuid as patient_id, date_trunc('hour', created_at, 'UTC') as unit,
       min(created_at) as first_at, max(created_at) as last_at, count(*) as events, count(distinct patient_id) as measure
  from seen
 group by 1, 3
having count(distinct patient_id) >= %(bulk_patients)s
