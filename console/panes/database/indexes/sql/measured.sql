-- What indexes really take on disk: every file of them is looked at, so this is asked only when a person wants it.
/* include index */
select root::bigint as oid,
       sum(pg_relation_size(indexrelid))::bigint as bytes
  from rooted
 where root is not null
 group by root
