-- What TRUNCATE .. CASCADE empties with each of these tables: whatever refers to it or to one of its children. Children
-- are not told beside their table, whose rows are counted with theirs.
with recursive emptied (number, oid) as (
    select a.number, to_regclass(a.name)::oid
      from unnest(%(names)s::text[]) with ordinality as a (name, number)
     where to_regclass(a.name) is not null
     union
    select e.number, x.oid
      from emptied e
      cross join lateral (
          select i.inhrelid from pg_inherits i where i.inhparent = e.oid
           union all
          select c.conrelid from pg_constraint c where c.confrelid = e.oid and c.contype = 'f'
      ) as x (oid)
)
select e.number, 'rows' as kind, e.oid::regclass::text as relation, 'TRUNCATE' as part
  from emptied e
 where not exists (select from pg_inherits i join emptied o on (o.number, o.oid) = (e.number, i.inhparent)
                    where i.inhrelid = e.oid)
 order by e.number, relation
