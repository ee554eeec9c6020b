-- The newest proved backup that was made from here. Only the newest events are read: no index would find older ones.
select e.at, e.detail ->> 'directory' as directory
  from emr_console.event e
 where e.id > (select max(n.id) - 20000 from emr_console.event n)
   and e.kind = 'backed_up'
 order by e.id desc
 limit 1
