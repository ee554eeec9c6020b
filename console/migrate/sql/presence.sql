-- Which ledgers are here, asked of the catalogue, which every role may read; to_regclass raises without USAGE. And what
-- of them is in a stranger's hands: whoever may create a schema could have made ours beforehand, and his triggers, views
-- and rollback texts would run with the rights of whoever migrates.
-- A right to write rows is such a hand, too: PUBLIC's as well as a role's, on a table or on one of its columns.
-- What could stand in for PostgreSQL's own is told, too: migration files run with the search path of whoever migrates.
-- knex's tables belong to the application more often than not, and a plain table does nothing by itself when rows are
-- written: so a stranger's is let pass while nothing but the sequence of its id hangs on it.
-- Types and some schemas are written out, so that no operator or function of a stranger fits better than PostgreSQL's.
with recursive /* include trusted */
), ours (class, object) as (
    select 'pg_namespace'::regclass::oid, oid from pg_namespace where nspname = 'emr_console'
     union all
    select d.classid, d.objid
      from pg_namespace n
      join pg_depend d on d.refclassid = 'pg_namespace'::regclass::oid and d.refobjid = n.oid
     where n.nspname = 'emr_console'
), knex as (
    select c.oid as object, c.*
      from pg_class c
     where c.relname in ('knex_migrations', 'knex_migrations_lock')
       and c.relnamespace = to_regnamespace(text 'public')::oid
), strange (rank, why, class, object, owner, rights) as (
    select 1, 'owner', o.class, o.object, s.refobjid, array[]::text[]
      from ours o
      join pg_shdepend s on (s.classid, s.objid, s.deptype) = (o.class, o.object, 'o')
       and s.dbid = (select oid from pg_database where datname = current_database())
     where s.refobjid not in (select role from trusted)
     union all
    select 2, 'trigger', 'pg_trigger'::regclass, t.oid, f.proowner, array[]::text[]
      from (select object from ours where class = 'pg_class'::regclass::oid union all select object from knex) r
      join pg_trigger t on t.tgrelid = r.object and not t.tgisinternal
      join pg_proc f on f.oid = t.tgfoid
     where f.proowner not in (select role from trusted)
     union all
    select 3, 'more', 'pg_class'::regclass, c.object, c.relowner, array[]::text[]
      from knex c
     where c.relowner not in (select role from trusted)
       and (c.relkind <> 'r' or c.relispartition or c.relhassubclass or c.relrowsecurity
            or exists (select from pg_trigger where tgrelid = c.object)
            or exists (select from pg_rewrite where ev_class = c.object)
            or exists (select from pg_constraint where conrelid = c.object and contype not in ('p', 'u', 'n'))
            or exists (select from pg_index
                        where indrelid = c.object and (indexprs is not null or indpred is not null))
            or exists (select from pg_attribute a join pg_type t on t.oid = a.atttypid
                        where a.attrelid = c.object and t.typnamespace <> 'pg_catalog'::regnamespace::oid)
            or exists (select from pg_attrdef d
                        where d.adrelid = c.object
                          and (pg_get_expr(d.adbin, d.adrelid) !~ '^nextval\(''[^'']+''::regclass\)$'
                               or exists (select from pg_depend
                                           where classid = 'pg_attrdef'::regclass::oid and objid = d.oid
                                             and refclassid = 'pg_proc'::regclass::oid))))
     union all
    select 4, 'right', 'pg_class'::regclass, c.oid, x.grantee, pg_catalog.array_agg(distinct x.privilege_type)
      from ours o
      join pg_class c on c.oid = o.object and o.class = 'pg_class'::regclass::oid and c.relkind <> 'S'
     cross join lateral (
           select grantee, privilege_type from aclexplode(c.relacl)
            union all
           select e.grantee, e.privilege_type
             from pg_attribute a
            cross join aclexplode(a.attacl) e
            where a.attrelid = c.oid
           ) x
     where x.privilege_type in ('INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'TRIGGER')
       and x.grantee <> c.relowner and x.grantee not in (select role from trusted)
     group by c.oid, x.grantee
), /* include shadow */
)
select clock_timestamp() as as_of,
       current_schema()::text as makes_in,
       exists (select from pg_class c join pg_namespace n on n.oid = c.relnamespace
                where n.nspname = 'emr_console' and c.relname = 'meta') as ledger,
       exists (select from knex where relname = 'knex_migrations') as knex,
       exists (select from knex where relname = 'knex_migrations_lock') as knex_lock,
       (select extversion from pg_extension where extname = 'timescaledb') as timescaledb,
       array(select pg_catalog.jsonb_build_object('why', s.why, 'object', i.type || text ' ' || i.identity,
                                                  'owner', case s.owner when 0::oid then name 'PUBLIC'
                                                           else pg_get_userbyid(s.owner) end,
                                                  'rights', s.rights)
               from strange s
              cross join pg_identify_object(s.class, s.object, 0) i
              order by s.rank, s.class <> 'pg_namespace'::regclass::oid, i.identity) as strangers,
       /* include shadows_told */
