-- Looks outside every shift of the person's department; where no shift of that week is known, at night or on a weekend.
with /* include seen */, outside as (
    select s.user_id, s.created_at
      from seen s
      join public.users u on u.id = s.user_id
     where case
               when exists (select from public.shifts k
                             where k.department_id = u.department_id
                               and k.start_time >= s.created_at - interval '7 days'
                               and k.start_time < s.created_at + interval '7 days')
               then not exists (select from public.shifts k
                                 where k.department_id = u.department_id
                                   and s.created_at >= k.start_time - make_interval(hours => %(shift_hours)s)
                                   and s.created_at < k.end_time + make_interval(hours => %(shift_hours)s))
               else extract(hour from s.created_at at time zone %(time_zone)s) not between 7 and 18
                    or extract(isodow from s.created_at at time zone %(time_zone)s) > 5
           end
)
select user_id, null::uuid as patient_id, date_trunc('day', created_at, 'UTC') as unit,
       min(created_at) as first_at, max(created_at) as last_at, count(*) as events, count(*) as measure
  from outside
 group by 1, 3
having count(*) >= %(after_hours_looks)s
