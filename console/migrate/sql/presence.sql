-- Which ledgers are here, asked of the catalogue, which every role may read; to_regclass raises without USAGE. And what
-- of them is in a stranger's hands: whoever may create a schema could have made ours beforehand, and his triggers, views
-- and rollback texts would run with the rights of whoever migrates. Trusted is the acting role, with those that it was
-- expressly made a member of, the database's owner, and a superuser; pg_has_role would not do, because it calls a
-- superuser a member of every role. An ADMIN option alone does not count: whoever creates a role has it.
-- A right to write rows is such a hand, too: PUBLIC's as well as a role's, on a table or on one of its columns.
-- A function or operator of a stranger that shares its name with one of PostgreSQL's may fit better than it where a
-- schema of his is on the search path, and migration files run with the search path of whoever migrates.
-- knex's tables belong to the application more often than not, and a plain table does nothing by itself when rows are
-- written: so a stranger's is let pass while nothing but the sequence of its id hangs on it.
-- Types and some schemas are written out, so that no operator or function of a stranger fits better than PostgreSQL's.
with recursive acting (role) as (
    select oid from pg_roles where rolname in (session_user, current_user, %(role)s::name)
     union
    select m.roleid
      from acting a
      join pg_auth_members m on m.member = a.role
     where coalesce((pg_catalog.to_jsonb(m) ->> text 'inherit_option')::boolean -- both came with 16
                    or (pg_catalog.to_jsonb(m) ->> text 'set_option')::boolean, true)
), trusted (role) as (
    select role from acting
     union
    select oid from pg_roles where rolsuper or rolname = 'pg_database_owner'
     union
    select datdba from pg_database where datname = current_database()
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
), reachable (oid) as (
    select oid from pg_namespace where nspname = any (pg_catalog.array_append(current_schemas(false), name 'public'))
), shadow (class, object, owner) as (
    select 'pg_proc'::regclass, p.oid, p.proowner
      from pg_proc p
     where p.pronamespace <> 'pg_catalog'::regnamespace::oid
       and p.pronamespace in (select oid from reachable)
       and p.proowner not in (select role from trusted)
       and exists (select from pg_proc b
                    where b.pronamespace = 'pg_catalog'::regnamespace::oid and b.proname = p.proname)
     union all
    select 'pg_operator'::regclass, o.oid, o.oprowner
      from pg_operator o
     where o.oprnamespace <> 'pg_catalog'::regnamespace::oid
       and o.oprnamespace in (select oid from reachable)
       and o.oprowner not in (select role from trusted)
)
select clock_timestamp() as as_of,
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
       array(select pg_catalog.jsonb_build_object('why', text 'shadow', 'object', i.type || text ' ' || i.identity,
                                                  'owner', pg_get_userbyid(s.owner), 'rights', array[]::text[])
               from shadow s
              cross join pg_identify_object(s.class, s.object, 0) i
              order by i.identity) as shadows
