-- A file that stopped half-way: which way it was going, and its text as it was when it was begun; a rollback keeps the
-- text that it runs. The journal knows the way, because an up that is half done can be taken back, too.
select m.version, m.name, m.state, m.run_id, m.apply_order is not null as applied, m.statements_done, way.direction,
       case way.direction when 'up' then m.up_text else m.down_text end as text
  from emr_console.migration m
 cross join lateral (
       select coalesce((select j.direction from emr_console.journal j
                         where (j.run_id, j.version) = (m.run_id, m.version)
                         order by j.started_at desc limit 1),
                       case when m.state like 'roll%%' or m.apply_order is not null then 'down' else 'up' end)
                as direction
       ) way
 where m.version = %(version)s
