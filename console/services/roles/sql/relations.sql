-- Which of our relations exist, who owns them, and how many pieces of the audit tables belong to somebody else.
select c.relname::text as name,
       o.rolname::text as owner,
       o.rolsuper as owner_superuser,
       c.relkind = 'p' as partitioned,
       (select count(*)
        from (select c.oid union select t.relid from pg_catalog.pg_partition_tree(c.oid) as t) as piece (oid)
        join pg_catalog.pg_class as p on p.oid = piece.oid
        where pg_catalog.pg_get_userbyid(p.relowner) <> %(audit_owner)s)::integer as strangers
from pg_catalog.pg_class as c
join pg_catalog.pg_roles as o on o.oid = c.relowner
where c.relnamespace = 'public'::regnamespace
  and c.relkind in ('r', 'p', 'v', 'm')
  and c.relname = any (%(relations)s)
order by c.relname
