-- What is known of the relations that a plan names, children counted in: a hypertable's and a partitioned table's own
-- reltuples and size say nothing. created_at is how this schema calls the moment of a row.
with recursive named as (
    select n.name as wanted, to_regclass(n.name)::oid as oid from unnest(%(names)s::text[]) as n (name)
), family (wanted, root, oid) as (
    select wanted, oid, oid from named where oid is not null
     union
    select f.wanted, f.root, i.inhrelid from family f join pg_inherits i on i.inhparent = f.oid
), counted as (
    select f.wanted, sum(case when c.relkind in ('r', 'm') then
                              case when c.reltuples >= 0 and (c.reltuples > 0 or pg_relation_size(c.oid) = 0)
                                   then c.reltuples
                                   -- never analysed: as many rows as an ordinary width would fill
                                   else pg_relation_size(c.oid) / 200 end
                              else 0 end) as rows,
           sum(case when c.relkind in ('r', 'm', 'p') then pg_total_relation_size(c.oid) end)::bigint as bytes
      from family f
      join pg_class c on c.oid = f.oid
     group by f.wanted
)
select n.wanted, n.oid::regclass::text as name, c.relkind::text as kind, coalesce(k.rows, 0)::float8 as rows, k.bytes,
       (select quote_ident(a.attname) from pg_attribute a
         where a.attrelid = n.oid and a.attname in ('created_at', 'uploaded_at', 'started_at') and not a.attisdropped
         order by a.attname limit 1) as moment,
       coalesce((select sum(c.reltuples) filter (where c.reltuples > 0)
                   from pg_partitioned_table t
                   cross join lateral pg_partition_tree(t.partdefid) as d
                   join pg_class c on c.oid = d.relid and d.isleaf
                  where t.partrelid = n.oid), 0)::float8 as in_default,
       array(select a.attname::text from pg_attribute a
              where a.attrelid = n.oid and a.attnum > 0 and not a.attisdropped order by a.attnum) as columns,
       array(select f.oid::bigint from family f where f.wanted = n.wanted) as family,
       array(select f.wanted from family f where f.oid = n.oid and f.wanted <> n.wanted) as within,
       c.relrowsecurity as row_security
  from named n
  join pg_class c on c.oid = n.oid
  left join counted k using (wanted)
