-- Which of our roles exist, and whether somebody made them mightier than they need to be.
select r.rolname::text as name,
       r.rolcanlogin as login,
       array_remove(array[
           case when r.rolsuper then 'SUPERUSER' end,
           case when r.rolbypassrls then 'BYPASSRLS' end,
           case when r.rolcreaterole then 'CREATEROLE' end,
           case when r.rolcreatedb then 'CREATEDB' end,
           case when r.rolreplication then 'REPLICATION' end
       ], null) as powers
from pg_catalog.pg_roles as r
where r.rolname = any (%(roles)s)
order by r.rolname
