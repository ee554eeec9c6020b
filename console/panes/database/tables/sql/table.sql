-- One table of a list in detail: what was changed in it, when autovacuum will come, what it takes on disk. Asked when a
-- person opens it; of a table with parts only what stands at its root.
select pg_size_pretty(pg_table_size(c.oid)) as table_size,
       pg_size_pretty(pg_indexes_size(c.oid)) as index_size,
       s.n_tup_ins as inserted,
       s.n_tup_upd as updated,
       s.n_tup_hot_upd as updated_in_place,
       s.n_tup_del as deleted,
       s.vacuum_count + s.autovacuum_count as vacuums,
       s.analyze_count + s.autoanalyze_count as analyzes,
       age(c.relfrozenxid)::bigint as frozen_age,
       c.reloptions as options,
       obj_description(c.oid, 'pg_class') as comment,
       (select count(*) from pg_index x where x.indrelid = c.oid) as indexes,
       (select count(*) from pg_constraint f where f.confrelid = c.oid) as referenced_by
  from pg_class c
  left join pg_stat_all_tables s on s.relid = c.oid
 where c.oid = %(oid)s::bigint::oid
