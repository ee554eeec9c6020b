-- Who has last hashed the sealed days again, and what came of it, by the word of the events, which only grow.
select e.at, e.operator, e.detail ->> 'outcome' as outcome
  from emr_console.event e
 where e.kind = 'audit.verify'
 order by e.id desc
 limit 1
