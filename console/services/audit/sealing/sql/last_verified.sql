-- Who has last hashed the sealed days again, and what came of it, by the word of the events, which only grow; events that
-- somebody else made and that say nothing of it are none.
select e.at, e.operator, e.detail ->> 'outcome' as outcome
  from emr_console.event e
 where e.kind = 'audit.verify'
   and e.detail ? 'outcome'
 order by e.id desc
 limit 1
