-- How far the chains reached when somebody last sealed, by the word of the events, which only grow.
select e.detail -> 'heads' as heads
  from emr_console.event e
 where e.kind = 'audit.seal' and e.detail ? 'heads'
 order by e.id desc
 limit 1
