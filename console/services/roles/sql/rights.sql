-- Rights of our roles as they were granted to themselves, and rights of others that nobody should have: to create
-- objects in schema public as everybody, and to change audit rows as anybody but their owner.
with granted (role, kind, name, col, privilege, forbidden) as (
    select g.grantee, 'database', d.datname, null::name, g.privilege_type, false
    from pg_catalog.pg_database as d cross join pg_catalog.aclexplode(d.datacl) as g
    where d.datname = pg_catalog.current_database() and g.grantee <> d.datdba
    union all
    select g.grantee, 'schema', n.nspname, null, g.privilege_type, g.grantee = 0 and g.privilege_type = 'CREATE'
    from pg_catalog.pg_namespace as n cross join pg_catalog.aclexplode(n.nspacl) as g
    where n.nspname = 'public' and g.grantee <> n.nspowner
    union all
    select g.grantee, 'relation', c.relname, g.col, g.privilege_type,
           c.relname = any (%(audit)s) and g.privilege_type in ('UPDATE', 'DELETE', 'TRUNCATE')
    from pg_catalog.pg_class as c
    cross join lateral (
        select x.grantee, x.privilege_type, null::name as col from pg_catalog.aclexplode(c.relacl) as x
        union all
        select x.grantee, x.privilege_type, a.attname
        from pg_catalog.pg_attribute as a cross join pg_catalog.aclexplode(a.attacl) as x
        where a.attrelid = c.oid and not a.attisdropped
    ) as g
    where c.relnamespace = 'public'::regnamespace and c.relname = any (%(relations)s) and g.grantee <> c.relowner
)
select coalesce(r.rolname::text, 'PUBLIC') as role, granted.kind, granted.name::text as name,
       granted.col::text as "column", granted.privilege
from granted left join pg_catalog.pg_roles as r on r.oid = granted.role
where granted.forbidden or r.rolname = any (%(roles)s)
order by 1, 2, 3, 4 nulls first, 5
