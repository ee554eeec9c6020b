-- Every index, one row for a whole tree, with what is needed to tell whether another one does the same: its columns
-- with operator class, collation and order, one text each. Sizes are blocks as of the last VACUUM or ANALYZE; no file
-- is looked at. An index that is being built is not broken. TimescaleDB refuses CONCURRENTLY for any index of a
-- hypertable. What spells a definition takes a lock on the table, for which the whole list would wait: of a table that
-- somebody has locked exclusively nothing is spelled.
/* include console.services.health/index */, /* include console.services.locking/exclusive */, counted as (
    select r.root,
           count(*) filter (where r.indexrelid <> r.root) as parts,
           sum(r.relpages::bigint)::bigint * current_setting('block_size')::bigint as bytes,
           sum(pg_stat_get_numscans(r.indexrelid))::bigint as scans,
           count(*) filter (where not r.usable) as broken
      from rooted r
     where r.root is not null
     group by r.root
)
select t.root::bigint as oid,
       n.nspname::text as schema_name,
       c.relname::text as table_name,
       i.relname::text as name,
       format('%%I.%%I', m.nspname, i.relname) as quoted,
       t.parts,
       i.relkind = 'I' or x.indrelid in (select k.hypertable from index k where k.hypertable is not null) as rooted,
       t.bytes,
       t.scans,
       t.broken,
       (select p.pid from pg_stat_progress_create_index p where p.index_relid = t.root limit 1) as builder,
       x.indisunique as is_unique,
       x.indisprimary as is_primary,
       x.indisreplident as identifies,
       (select k.conname::text
          from pg_constraint k
         where k.conrelid = x.indrelid and k.conindid = t.root and k.contype in ('p', 'u', 'x')
         limit 1) as constraint_name,
       a.amname::text as method,
       array(select concat_ws(' ', pg_get_indexdef(t.root, k, true), x.indclass[k - 1], x.indcollation[k - 1],
                              x.indoption[k - 1])
               from generate_series(1, x.indnkeyatts) k
              where l.relation is null
              order by k) as keys,
       array(select pg_get_indexdef(t.root, k, true)
               from generate_series(x.indnkeyatts + 1, x.indnatts) k
              where l.relation is null
              order by k) as included,
       case when l.relation is null then pg_get_expr(x.indpred, x.indrelid) end as predicate,
       case when l.relation is null then pg_get_indexdef(t.root) end as definition,
       s.spcname::text as tablespace,
       quote_literal(obj_description(t.root, 'pg_class')) as quoted_comment
  from counted t
  join pg_index x on x.indexrelid = t.root
  join pg_class i on i.oid = t.root
  join pg_namespace m on m.oid = i.relnamespace
  join pg_class c on c.oid = x.indrelid
  join pg_namespace n on n.oid = c.relnamespace
  join pg_am a on a.oid = i.relam
  left join pg_tablespace s on s.oid = i.reltablespace
  left join locked l on l.relation = x.indrelid
 order by t.bytes desc, m.nspname, i.relname
 limit %(most)s
