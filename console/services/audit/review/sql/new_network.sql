-- The first look from a network that the person has not used for long; whose first event of all this is has no other one.
with used as materialized (
    select a.user_id, a.created_at, case when mask.address(a.ip_address) is not null
                                         then network(set_masklen(mask.address(a.ip_address),
                                                      case family(mask.address(a.ip_address)) when 4 then 24 else 48 end))
                                    end as net
      from public.audit_logs a
     where a.created_at >= %(lower)s::timestamptz - make_interval(days => %(network_days)s)
       and a.created_at < %(upper)s::timestamptz
), firsts as (
    select user_id, net, min(created_at) as first_at, max(created_at) as last_at, count(*) as events
      from used
     where net is not null
     group by 1, 2
)
select f.user_id, null::uuid as patient_id, date_trunc('day', f.first_at, 'UTC') as unit,
       min(f.first_at) as first_at, max(f.last_at) as last_at, sum(f.events)::bigint as events, count(*) as measure
  from firsts f
 where f.first_at >= %(lower)s::timestamptz
   and exists (select from firsts o where o.user_id = f.user_id and o.first_at < f.first_at)
 group by 1, 3
