-- Where the chain of seals of each audit table ends, and where it ended when somebody last sealed, by the word of the newest
-- events, which only grow: a chain that somebody has cut off ends before that.
with told as (
    select e.detail -> 'heads' as heads
      from emr_console.event e
     where e.id > (select max(n.id) - 20000 from emr_console.event n)
       and e.kind = 'audit.seal' and e.detail ? 'heads'
     order by e.id desc
     limit 1
)
select s.table_name as "table", s.number, s.day, s.seal,
       (t.heads -> s.table_name ->> 'number')::bigint as told_number,
       t.heads -> s.table_name ->> 'seal' as told_seal
  from (select table_name, max(number) as number from emr_console.seal group by table_name) m
  join emr_console.seal s using (table_name, number)
  left join told t on true
