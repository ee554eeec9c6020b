-- Looks outside every shift of the person's department: measure 2; where no shift of the last day is known, at night or on
-- a weekend, unless the person was at work at such an hour on two days before: many work at night, and need not explain it.
with /* include seen */, usual as materialized (
    select a.user_id, extract(hour from a.created_at at time zone %(time_zone)s) as hour,
           extract(isodow from a.created_at at time zone %(time_zone)s) > 5 as weekend
      from public.audit_logs a
     where a.created_at >= %(lower)s::timestamptz - make_interval(days => %(habit_days)s)
       and a.created_at < %(lower)s::timestamptz
       and a.user_id in (select user_id from seen)
     group by 1, 2, 3
    having count(distinct (a.created_at at time zone %(time_zone)s)::date) >= 2
), placed as (
    select s.user_id, s.created_at, u.department_id, extract(hour from s.created_at at time zone %(time_zone)s) as hour,
           extract(isodow from s.created_at at time zone %(time_zone)s) > 5 as weekend,
           exists (select from public.shifts k
                    where k.department_id = u.department_id
                      and k.start_time >= s.created_at - interval '24 hours'
                      and k.start_time <= s.created_at) as known
      from seen s
      join public.users u on u.id = s.user_id
), outside as (
    select p.user_id, p.created_at, p.known
      from placed p
     where case when p.known
           then not exists (select from public.shifts k
                             where k.department_id = p.department_id
                               and p.created_at >= k.start_time - make_interval(hours => %(shift_hours)s)
                               and p.created_at < k.end_time + make_interval(hours => %(shift_hours)s))
           else (p.hour not between 7 and 18 or p.weekend)
                and not exists (select from usual h
                                 where h.user_id = p.user_id and h.weekend = p.weekend
                                   and least(abs(h.hour - p.hour), 24 - abs(h.hour - p.hour)) <= %(shift_hours)s)
           end
)
select user_id, null::uuid as patient_id, date_trunc('day', created_at, 'UTC') as unit,
       min(created_at) as first_at, max(created_at) as last_at, count(*) as events,
       case when bool_or(known) then 2 else 1 end::bigint as measure
  from outside
 group by 1, 3
having count(*) >= %(after_hours_looks)s
