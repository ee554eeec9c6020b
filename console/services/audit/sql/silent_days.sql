-- Days without a single event, in a window whose both ends stand here too, so that only its chunks are looked at.
select day.at as day
  from generate_series(%(lower)s::timestamptz, %(upper)s::timestamptz - interval '1 day', interval '24 hours') as day (at)
 where not exists (
    select from public.audit_logs a
     where a.created_at >= %(lower)s::timestamptz
       and a.created_at < %(upper)s::timestamptz
       and a.created_at >= day.at
       and a.created_at < day.at + interval '24 hours'
 )
 order by day.at desc
