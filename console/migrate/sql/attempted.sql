-- A file that stopped half-way: which way it was going, and its text as it was when it was begun; a rollback keeps the
-- text that it runs. The journal knows the way, because an up that is half done can be taken back, too. The hashes stand
-- beside the text and in the last event that tells one, of those since it was last rolled back: what older consoles began
-- told none.
select m.version, m.name, m.state, m.run_id, m.apply_order is not null as applied, m.statements_done, way.direction,
       case way.direction when 'up' then m.up_text else m.down_text end as text,
       case way.direction when 'up' then m.up_sha256 else m.down_sha256 end
       || array(select e.detail ->> told.hash from emr_console.event e
                 where e.version = m.version and e.detail ? told.hash and e.id > ended.id
                 order by e.id desc limit 1) as hashes
  from emr_console.migration m
 cross join lateral (
       select coalesce((select j.direction from emr_console.journal j
                         where (j.run_id, j.version) = (m.run_id, m.version)
                         order by j.started_at desc limit 1),
                       case when m.state like 'roll%%' or m.apply_order is not null then 'down' else 'up' end)
                as direction
       ) way
 cross join lateral (select way.direction || '_sha256' as hash) told
 cross join lateral (select coalesce(max(r.id), 0) as id from emr_console.event r
                      where r.version = m.version and r.kind = 'rolled_back') ended
 where m.version = %(version)s
