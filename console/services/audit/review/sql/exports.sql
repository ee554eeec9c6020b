-- Exports and prints of many records; one that does not say how many is taken for one.
select a.user_id, null::uuid as patient_id, date_trunc('day', a.created_at, 'UTC') as unit,
       min(a.created_at) as first_at, max(a.created_at) as last_at, count(*) as events,
       sum(case when a.metadata ->> 'record_count' ~ '^[0-9]{1,9}$' then (a.metadata ->> 'record_count')::bigint
                when a.metadata ->> 'rows' ~ '^[0-9]{1,9}$' then (a.metadata ->> 'rows')::bigint else 1 end)::bigint
       as measure
  from public.audit_logs a
 where a.created_at >= %(lower)s::timestamptz and a.created_at < %(upper)s::timestamptz
   and a.action = 'EXPORT'
 group by 1, 3
having sum(case when a.metadata ->> 'record_count' ~ '^[0-9]{1,9}$' then (a.metadata ->> 'record_count')::bigint
                when a.metadata ->> 'rows' ~ '^[0-9]{1,9}$' then (a.metadata ->> 'rows')::bigint else 1 end)
       > %(export_records)s
