-- What tables really take on disk: every file of them is looked at, so this is asked only when a person wants it.
-- One that is locked, or has a part or an index that is, would keep all others waiting, and is left out.
/* include relation */, /* include console.services.locking/exclusive */, held as (
    select r.root
      from relation r
      left join pg_index x on x.indrelid = r.oid
      join locked on relation in (r.oid, x.indexrelid)
)
select root::bigint as oid,
       sum(pg_total_relation_size(oid))::bigint as bytes
  from relation
 where not exists (select from held where held.root = relation.root)
 group by root
