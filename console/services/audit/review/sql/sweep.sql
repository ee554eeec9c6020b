-- Patients one after the other by their numbers, at the same short distance again and again: nobody is cared for so.
with /* include seen */, numbered as (
    select user_id, created_at, substring(mrn from '([0-9]{1,15})$')::bigint as number
      from seen
), stepped as (
    select user_id, created_at, number - lag(number) over (partition by user_id order by created_at) as step
      from numbered
), steady as (
    select user_id, created_at, step,
           step = lag(step) over (partition by user_id order by created_at) and abs(step) between 1 and 10 as regular
      from stepped
), counted as (
    select user_id, created_at, count(*) filter (where regular) over recent as looks, min(created_at) over recent as since
      from steady
    window recent as (
               partition by user_id order by created_at range between interval '10 minutes' preceding and current row)
)
select user_id, null::uuid as patient_id, date_trunc('day', created_at, 'UTC') as unit,
       min(since) as first_at, max(created_at) as last_at, count(*) as events, max(looks) as measure
  from counted
 where looks >= %(sweep_looks)s
 group by 1, 3
