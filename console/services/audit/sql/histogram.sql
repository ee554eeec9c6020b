-- How many events of a search there are in each step of time, and how many of them only look. Both ends of the span stand
-- here, so that only its chunks or partitions are read. Never from the aggregates: their buckets know neither users nor
-- patients, and `unique_*` must not be summed. A row of year 1 stands in a step that begins before any clock of ours.
select greatest(date_bin(make_interval(secs => %(step)s), a.created_at, %(origin)s::timestamptz),
                '0001-01-01 00:00:00+00'::timestamptz) as at,
       count(*) as events,
       count(*) filter (where a.action in ('INSERT', 'UPDATE', 'DELETE')) as changes
  from public.audit_logs a
 where a.created_at <= %(upper)s::timestamptz
   and a.created_at >= %(lower)s::timestamptz
   /* include conditions */
 group by 1
 order by 1
