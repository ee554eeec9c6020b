-- What the storage of this database can do, as its catalogue tells it: which of TimescaleDB's views, tables and
-- functions are there, with which arguments. Asked once a connection. Names are compared here, because
-- to_regclass and to_regprocedure raise an error where our role may not use a schema, and take a type to be known that
-- an older version has not got; TimescaleDB's own functions live wherever somebody created the extension.
with extension as (
    select e.extnamespace as schema
      from pg_extension e
     where e.extname = 'timescaledb'
), relation as (
    select format('%%s.%%s', n.nspname, c.relname) as name,
           has_schema_privilege(n.oid, 'usage') and has_table_privilege(c.oid, 'select') as readable
      from pg_class c
      join pg_namespace n on n.oid = c.relnamespace
     where c.relkind in ('r', 'v')
       and (n.nspname = 'timescaledb_information' or format('%%s.%%s', n.nspname, c.relname) = any (%(relations)s))
), routine as (
    select p.proname::text as name,
           array_agg(distinct a.name) filter (where a.name is not null) as arguments
      from pg_proc p
      left join lateral unnest(p.proargnames) as a (name) on true
     where p.proname = any (%(functions)s)
       and (p.pronamespace = (select x.schema from extension x)
            or p.pronamespace in (select n.oid from pg_namespace n
                                   where n.nspname = '_timescaledb_functions'
                                      or (n.nspname = 'public' and p.proname like 'audit\_%%')))
     group by p.proname
)
select (select n.nspname::text from pg_namespace n join extension x on x.schema = n.oid) as schema_,
       coalesce(current_setting('timescaledb.restoring', true) = 'on', false) as restoring,
       array(select r.name from relation r order by 1) as relations,
       coalesce((select jsonb_object_agg(r.name, coalesce(r.arguments, '{}')) from routine r), '{}'::jsonb)
           as functions,
       array(select r.name from relation r where not r.readable order by 1) as unreadable
