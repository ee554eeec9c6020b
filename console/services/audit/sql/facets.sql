-- The most frequent values of what can be searched for, in one pass over a window whose both ends stand here. The hour is
-- a small number: to group by a numeric, as `extract` gives it, was a third of all the work.
with wanted as (
    select a.user_id, a.action, a.entity_type, a.emr_system,
           date_part('hour', a.created_at at time zone 'UTC')::int as hour
      from public.audit_logs a
     where a.created_at <= %(upper)s::timestamptz
       and a.created_at >= %(lower)s::timestamptz
       /* include conditions */
), counted as (
    select grouping(user_id, action, entity_type, emr_system, hour) as facet,
           user_id, action, entity_type, emr_system, hour, count(*) as events
      from wanted
     group by grouping sets ((user_id), (action), (entity_type), (emr_system), (hour))
), ranked as (
    select case facet when 15 then 'user' when 23 then 'action' when 27 then 'entity' when 29 then 'system' else 'hour' end
           as facet,
           case facet when 15 then user_id::text when 23 then action when 27 then entity_type when 29 then emr_system
           else hour::text end as value,
           events,
           row_number() over (partition by facet order by events desc, user_id, action, entity_type, emr_system, hour)
           as place
      from counted
)
select facet, value, events
  from ranked
 where place <= %(most)s
 order by facet, events desc, value
