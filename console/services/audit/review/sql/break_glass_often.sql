-- Break-glass again and again: an exception that has become a habit. A week is looked back from each.
select user_id, null::uuid as patient_id, date_trunc('day', created_at, 'UTC') as unit,
       min(created_at) as first_at, max(created_at) as last_at, count(*) as events, max(uses) as measure
  from (select a.user_id, a.created_at,
               count(*) over (partition by a.user_id order by a.created_at
                              range between interval '7 days' preceding and current row) as uses
          from public.audit_logs a
         where a.created_at >= %(lower)s::timestamptz - interval '7 days' and a.created_at < %(upper)s::timestamptz
           and a.action = 'BREAK_GLASS') b
 where uses > %(break_glass_uses)s and created_at >= %(lower)s::timestamptz
 group by 1, 3
