-- What became of the last runs of `emr-console maintain`, one row for each step and what it was done to. Events are kept
-- for ever and have no index by kind, so that only the newest ten thousand are looked at; a rehearsal is no run.
with recent as materialized (
    select e.id, e.kind, e.at, e.operator,
           e.detail ->> 'target' as target,
           e.detail ->> 'outcome' as outcome,
           e.detail ->> 'message' as message,
           (e.detail ->> 'seconds')::float8 as seconds
      from emr_console.event e
     where e.id > (select max(id) - 10000 from emr_console.event)
       and e.kind like 'maintain.%%'
       and e.detail ->> 'outcome' <> 'would'
), good as (
    select kind, target, max(id) as id, max(at) as at
      from recent
     where outcome not in ('failed', 'refused')
     group by kind, target
)
select distinct on (r.kind, r.target)
       substr(r.kind, length('maintain.') + 1) as step,
       r.target,
       r.at,
       r.operator,
       r.outcome,
       r.message,
       r.seconds,
       g.at as last_success,
       (select count(*)
          from recent f
         where f.kind = r.kind
           and f.target is not distinct from r.target
           and f.id > coalesce(g.id, 0))::int as consecutive_failures
  from recent r
  left join good g on g.kind = r.kind and g.target is not distinct from r.target
 order by r.kind, r.target, r.id desc
