-- One patient, and very many people within a day.
with /* include seen */
select null::uuid as user_id, patient_id, date_trunc('day', created_at, 'UTC') as unit,
       min(created_at) as first_at, max(created_at) as last_at, count(*) as events, count(distinct user_id) as measure
  from seen
 group by 2, 3
having count(distinct user_id) >= %(crowd_users)s
