-- What DROP .. CASCADE takes with each of these objects, by the server's own rule: whatever depends on it goes, and of
-- what is a part of something else (the rule of a view, the index of a constraint) that other thing, too. Parts are not
-- told beside their whole, nor partitions beside their table, whose rows are counted with it.
with recursive asked as (
    select a.number, a.kind, a.name, a.of
      from unnest(%(kinds)s::text[], %(names)s::text[], %(ofs)s::text[]) with ordinality as a (kind, name, of, number)
), named (number, classid, objid, objsubid) as (
    select number, 'pg_class'::regclass::oid, to_regclass(name)::oid, 0 from asked where kind = 'relation'
     union all
    select number, 'pg_type'::regclass, to_regtype(name), 0 from asked where kind in ('type', 'domain')
     union all
    select number, 'pg_namespace'::regclass, n.oid, 0 from asked join pg_namespace n on n.nspname = name
     where kind = 'schema'
     union all
    select number, 'pg_extension'::regclass, e.oid, 0 from asked join pg_extension e on e.extname = name
     where kind = 'extension'
     union all
    select number, 'pg_class'::regclass, a.attrelid, a.attnum
      from asked join pg_attribute a on a.attrelid = to_regclass(of) and a.attname = name and not a.attisdropped
     where kind = 'column'
     union all
    select number, 'pg_constraint'::regclass, c.oid, 0
      from asked join pg_constraint c on c.conrelid = to_regclass(of) and c.conname = name
     where kind = 'constraint'
     union all -- all of that name: which of them is meant its arguments say
    select number, 'pg_proc'::regclass, p.oid, 0
      from asked
      cross join lateral (select parse_ident(name) as parts where kind in ('function', 'procedure', 'aggregate')) as i
      join pg_proc p on p.proname = i.parts[cardinality(i.parts)]
       and case when cardinality(i.parts) = 1 then pg_function_is_visible(p.oid)
                else p.pronamespace = to_regnamespace(quote_ident(i.parts[1])) end
), goes (number, classid, objid, objsubid) as (
    select number, classid, objid, objsubid from named where objid is not null
     union
    select g.number, d.classid, d.objid, d.objsubid
      from goes g
      cross join lateral (
          select d.classid, d.objid, d.objsubid from pg_depend d
           where (d.refclassid, d.refobjid) = (g.classid, g.objid) and g.objsubid in (0, d.refobjsubid)
           union all
          select d.refclassid, d.refobjid, d.refobjsubid from pg_depend d
           where (d.classid, d.objid, d.objsubid) = (g.classid, g.objid, g.objsubid) and d.deptype in ('i', 'e')
      ) as d
), whole as ( -- IN over all that goes is one hash table; joined with itself it would take minutes
    select g.*
      from goes g
     where (g.number, g.classid, g.objid, g.objsubid) not in (
               select number, classid, objid, objsubid from named where objid is not null)
       and (g.objsubid = 0 or (g.number, g.classid, g.objid, 0) not in (
               select number, classid, objid, objsubid from goes))
       and not exists (
               select from pg_depend d
                where (d.classid, d.objid, d.objsubid) = (g.classid, g.objid, g.objsubid)
                  and (d.refclassid, d.refobjid) <> (d.classid, d.objid)
                  and (d.deptype in ('i', 'a', 'P', 'S') or (d.deptype = 'e' and d.classid <> 'pg_class'::regclass))
                  and ((g.number, d.refclassid, d.refobjid, 0) in (
                           select number, classid, objid, objsubid from goes)
                    or (g.number, d.refclassid, d.refobjid, d.refobjsubid) in (
                           select number, classid, objid, objsubid from goes)))
       and not exists (
               select from pg_inherits i
                where g.classid = 'pg_class'::regclass and i.inhrelid = g.objid
                  and ((g.number, g.classid, i.inhparent, 0) in (
                           select number, classid, objid, objsubid from goes)) is true)
)
select w.number, case when a.attname is not null then 'column' else o.type end as kind,
       case when c.oid is not null then c.oid::regclass::text else o.identity end as relation,
       coalesce(a.attname, p.polname)::text as part
  from whole w
  cross join lateral pg_identify_object(w.classid, w.objid, w.objsubid) as o
  left join pg_policy p on w.classid = 'pg_policy'::regclass and p.oid = w.objid
  left join pg_class c on c.oid = case w.classid when 'pg_class'::regclass then w.objid else p.polrelid end
  left join pg_attribute a on w.objsubid <> 0 and (a.attrelid, a.attnum) = (c.oid, w.objsubid)
 order by w.number, kind, relation, part
