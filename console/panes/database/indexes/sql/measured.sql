-- What indexes really take on disk: every file of them is looked at, so this is asked only when a person wants it. One
-- that is locked, or has a part that is, would keep all others waiting, and is left out.
/* include console.services.health/index */, /* include console.services.locking/exclusive */, held as (
    select root from rooted join locked on relation = indexrelid
)
select root::bigint as oid,
       sum(pg_relation_size(indexrelid))::bigint as bytes
  from rooted
 where root is not null
   and not exists (select from held where held.root = rooted.root)
 group by root
