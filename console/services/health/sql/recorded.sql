-- When a backup of ours was made last, and what is snoozed: the newest event of each check decides. Only the newest
-- events are read: a finding is snoozed for a month at most, and there is no index that would find older ones.
with latest as (
    select e.id, e.at, e.kind, e.operator, e.detail
      from emr_console.event e
     where e.id > (select max(n.id) - 20000 from emr_console.event n)
       and e.kind in ('health.snooze', 'health.wake', 'backed_up')
), newest as (
    select distinct on (l.detail ->> 'target') l.*
      from latest l
     where l.kind <> 'backed_up'
     order by l.detail ->> 'target', l.id desc
)
select clock_timestamp() as as_of,
       (select max(at) from latest where kind = 'backed_up') as backed_up_at,
       coalesce((select jsonb_agg(jsonb_build_object('check', coalesce(n.detail ->> 'target', ''),
                                                     'until', coalesce(n.detail ->> 'until', ''),
                                                     'reason', coalesce(n.detail ->> 'reason', ''),
                                                     'operator', n.operator))
                   from newest n
                  where n.kind = 'health.snooze'), '[]') as snoozes
