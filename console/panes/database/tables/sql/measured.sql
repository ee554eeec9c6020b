-- What tables really take on disk: every file of them is looked at, so this is asked only when a person wants it.
/* include relation */
select root::bigint as oid,
       sum(pg_total_relation_size(oid))::bigint as bytes
  from relation
 group by root
