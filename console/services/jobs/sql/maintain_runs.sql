-- The last runs of one step of `emr-console maintain`, the newest first, among the newest ten thousand events.
select e.at - make_interval(secs => coalesce((e.detail ->> 'seconds')::float8, 0)) as started,
       e.at as finished,
       e.detail ->> 'outcome' not in ('failed', 'refused') as succeeded,
       null::text as sqlstate,
       e.detail ->> 'message' as message,
       null::int as pid
  from emr_console.event e
 where e.id > (select max(id) - 10000 from emr_console.event)
   and e.kind = %(kind)s
   and e.detail ->> 'target' is not distinct from %(target)s
   and e.detail ->> 'outcome' <> 'would'
 order by e.id desc
 limit 50
