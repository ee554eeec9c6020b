-- What was decided, the last word on each finding.
select distinct on (e.detail ->> 'target') e.detail ->> 'target' as finding, e.detail ->> 'disposition' as disposition,
       e.detail ->> 'reason' as text, e.operator, e.at
  from emr_console.event e
 where e.kind = 'review.dispose' and e.detail ->> 'outcome' = 'recorded'
   and e.detail ->> 'target' = any (%(ids)s::text[])
 order by e.detail ->> 'target', e.id desc
