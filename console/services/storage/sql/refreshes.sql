-- When this console last refreshed each materialized view, by maintain or by hand. Events are kept for ever and have
-- no index by kind, so that only the newest ten thousand are looked at.
select e.detail ->> 'target' as target, max(e.at) as at
  from emr_console.event e
 where e.id > (select max(id) - 10000 from emr_console.event)
   and e.kind like '%%.refresh'
   and e.detail ->> 'outcome' = 'done'
 group by 1
