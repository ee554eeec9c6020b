-- The guide's question 7: the largest tables with all their partitions and chunks, and the largest indexes. By number and
-- not by name, so that names with capitals are found, too; of a hypertable the parent itself is empty.
with recursive part as (
    select c.oid, c.oid as root
      from pg_class c
     where c.relnamespace = 'public'::regnamespace
       and c.relkind in ('r', 'p', 'm')
       and not c.relispartition
    union all
    select i.inhrelid, p.root
      from part p
      join pg_inherits i on i.inhparent = p.oid
), whole as (
    select p.root::regclass::text as name, sum(pg_total_relation_size(p.oid)) as bytes
      from part p
     group by p.root
     order by 2 desc
     limit 5
), index as (
    select s.indexrelname::text as name, pg_relation_size(s.indexrelid) as bytes, s.idx_scan
      from pg_stat_user_indexes s
     order by 2 desc
     limit 5
)
select 'Q7.1' as id,
       'the largest tables' as name,
       true as ok,
       null::text as expected,
       string_agg(format('%%s %%s', name, pg_size_pretty(bytes)), ', ' order by bytes desc) as found,
       null::text as remedy
  from whole
union all
select 'Q7.2', 'the largest indexes, and how often each was used', true, null,
       string_agg(format('%%s %%s (%%s)', name, pg_size_pretty(bytes), idx_scan), ', ' order by bytes desc), null
  from index
 order by 1
