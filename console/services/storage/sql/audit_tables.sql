-- The tables that hold audit rows by their name, and the backups that rollbacks have made of them: whoever searches
-- the tables does not search these. Rows as ANALYZE or the running statistics have counted them, whichever is more.
select c.oid::bigint as oid,
       n.nspname::text as schema_name,
       c.relname::text as table_name,
       case when c.relkind = 'r' and (c.reltuples >= 0 or pg_stat_get_live_tuples(c.oid) > 0)
            then greatest(c.reltuples, pg_stat_get_live_tuples(c.oid)) end::bigint as rows
  from pg_class c
  join pg_namespace n on n.oid = c.relnamespace
 where c.relkind in ('r', 'p')
   and not c.relispartition
   and not exists (select from pg_inherits i where i.inhrelid = c.oid)
   and n.nspname not like '\_timescaledb%%'
   and split_part(c.relname::text, '_backup_', 1) = any (%(names)s)
