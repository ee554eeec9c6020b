-- When `emr-console maintain` last looked for partitions that may go. Events are kept for ever and have no index by
-- kind, so that only the newest ten thousand are looked at.
select max(e.at) as at
  from emr_console.event e
 where e.id > (select max(id) - 10000 from emr_console.event)
   and e.kind = 'maintain.retire'
