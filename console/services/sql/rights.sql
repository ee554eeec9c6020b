-- Which of the privileges that something needs our role lacks, asked after the server has refused it. Tables are found by
-- their names in the catalogue: to_regclass() would be refused where the schema is.
select n.nspname::text as schema_name,
       c.relname::text as table_name,
       not has_schema_privilege(n.oid, 'usage') as usage,
       coalesce(array_agg(w.privilege order by w.place) filter (where not o.owner and not o.may), '{}') as privileges,
       max(pg_get_userbyid(c.relowner)::text) filter (where o.owner and not o.may) as owner
  from unnest(%(tables)s::text[], %(privileges)s::text[]) with ordinality as w (name, privilege, place)
  join pg_namespace n on n.nspname = split_part(w.name, '.', 1)
  join pg_class c on c.relnamespace = n.oid and c.relname = split_part(w.name, '.', 2)
 cross join lateral (select w.privilege = 'OWNER' as owner,
                            case w.privilege when 'OWNER' then pg_has_role(c.relowner, 'usage')
                                 else has_table_privilege(c.oid, w.privilege) end as may) o
 where not o.may
    or not has_schema_privilege(n.oid, 'usage')
 group by n.oid, n.nspname, c.relname, c.relowner
 order by min(w.place)
