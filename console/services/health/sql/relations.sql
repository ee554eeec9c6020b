-- Tables that vacuum does not keep up with, indexes that are broken or that nobody uses, sequences that run out, the locks
-- that a query without bounds takes: one row, from statistics and catalogues only. An index that is being built is not
-- broken; partitions have their table's indexes by PostgreSQL's word, chunks only by TimescaleDB's. An index counts with
-- all its parts, as the indexes tab shows it: a year of partitions is large where none of them is. The worst few are
-- named, the others only counted.
/* include index */, dead as (
    select s.relid, s.n_dead_tup, s.n_live_tup, greatest(s.last_vacuum, s.last_autovacuum) as vacuumed,
           s.n_dead_tup::float8 / (s.n_dead_tup + s.n_live_tup) as share
      from pg_stat_user_tables s
      join pg_class c on c.oid = s.relid
     where /* include overdue */
), broken as (
    select i.indexrelid, i.indrelid
      from pg_index i
      join pg_class c on c.oid = i.indexrelid
     where not (i.indisvalid and i.indisready and i.indislive)
       and not exists (select from pg_stat_progress_create_index p where p.index_relid = i.indexrelid)
), indexed as (
    select indrelid, count(*) as indexes from pg_index group by indrelid
), lacking as (
    select i.inhrelid, i.inhparent
      from pg_inherits i
      join pg_class c on c.oid = i.inhrelid and c.relname like '\_hyper\_%%\_chunk'
      join indexed p on p.indrelid = i.inhparent
      left join indexed o on o.indrelid = i.inhrelid
     where coalesce(o.indexes, 0) < p.indexes
), unused as (
    select i.indexrelid, i.indrelid as relid, w.bytes
      from (select root, sum(relpages::bigint)::bigint * current_setting('block_size')::bigint as bytes,
                   sum(pg_stat_get_numscans(indexrelid)) as scans
              from rooted
             group by root) w
      join pg_index i on i.indexrelid = w.root
     where w.scans = 0
       and w.bytes >= %(unused)s
       and not (i.indisunique or i.indisreplident)
       and not exists (select from pg_constraint k where k.conindid = i.indexrelid)
       and not exists (select from pg_stat_progress_create_index p where p.index_relid = i.indexrelid)
), numbers as (
    select format('%%I.%%I', s.schemaname, s.sequencename) as name,
           format('%%I', s.schemaname) as schema,
           100 * s.last_value::float8 / nullif(case when s.increment_by > 0 then s.max_value else s.min_value end, 0)
             as share,
           has_sequence_privilege(c.oid, 'select') or has_sequence_privilege(c.oid, 'usage') as visible
      from pg_sequences s
      join pg_namespace n on n.nspname = s.schemaname
      join pg_class c on c.relnamespace = n.oid and c.relname = s.sequencename and c.relkind = 'S'
     where not s.cycle
), divided as (
    select i.inhparent, count(*) * (1 + (select count(*) from pg_index x where x.indrelid = i.inhparent)) as locks
      from pg_inherits i
      join pg_class c on c.oid = i.inhparent and c.relkind in ('r', 'p')
     group by i.inhparent
     order by 2 desc
     limit 1
)
select (select count(*) from dead) as dead_tables,
       coalesce((select jsonb_agg(to_jsonb(d))
                   from (select relid::regclass::text as table, n_dead_tup as dead, share, vacuumed
                           from dead
                          order by share desc, n_dead_tup desc
                          limit 5) d), '[]') as dead,
       coalesce((select jsonb_agg(to_jsonb(b))
                   from (select indexrelid::regclass::text as index, indrelid::regclass::text as table
                           from broken
                          order by 1
                          limit 20) b), '[]') as broken,
       coalesce((select jsonb_agg(to_jsonb(l))
                   from (select inhrelid::regclass::text as chunk, inhparent::regclass::text as table
                           from lacking
                          order by 1
                          limit 20) l), '[]') as lacking,
       (select count(*) from unused) as unused_indexes,
       coalesce((select sum(bytes) from unused), 0)::bigint as unused_bytes,
       coalesce((select jsonb_agg(to_jsonb(u))
                   from (select indexrelid::regclass::text as index, relid::regclass::text as table, bytes
                           from unused
                          order by 3 desc
                          limit 5) u), '[]') as unused,
       coalesce((select jsonb_agg(to_jsonb(q))
                   from (select name, share from numbers where share is not null order by share desc limit 5) q), '[]')
         as sequences,
       (select count(*) from numbers where not visible) as hidden_sequences,
       (select coalesce(array_agg(distinct schema), '{}') from numbers where not visible) as hidden_in,
       (select inhparent::regclass::text from divided) as divided,
       coalesce((select locks from divided), 0) as divided_locks,
       current_setting('max_locks_per_transaction')::bigint * b.sharers as lock_slots,
       b.sharers as lock_sharers,
       coalesce((select sum(c.relpages)::bigint * current_setting('block_size')::int
                   from pg_class c
                   join pg_namespace n on n.oid = c.relnamespace
                  where n.nspname = '_timescaledb_internal'
                    and c.relname in ('bgw_job_stat_history', 'job_errors')), 0)::bigint as history_bytes
  from (select current_setting('max_connections')::int + current_setting('max_prepared_transactions')::int as sharers) b
