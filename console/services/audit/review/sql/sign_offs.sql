-- The windows that somebody has signed off, the latest first.
select (e.detail ->> 'since')::date as since, (e.detail ->> 'until')::date as until, e.operator, e.at,
       (e.detail ->> 'findings')::bigint as findings, coalesce(e.detail ->> 'reason', '') as text
  from emr_console.event e
 where e.kind = 'review.sign-off' and e.detail ->> 'outcome' = 'recorded'
 order by e.id desc
 limit 1000
