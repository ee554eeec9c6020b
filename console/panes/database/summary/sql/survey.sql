-- What has to look at every table of the database: its size, its blocks in memory, its dead rows; and settings that
-- matter, with what waits for a restart. Asked when somebody begins to look, and then rarely. Sizes are those of the
-- last VACUUM or ANALYZE; no file is looked at.
with relation as materialized (
    select c.oid, c.relkind, c.relpages,
           n.nspname not in ('pg_catalog', 'information_schema') and n.nspname !~ '^pg_toast' as theirs
      from pg_class c
      join pg_namespace n on n.oid = c.relnamespace
     where c.relkind in ('r', 'm', 't', 'i')
), counted as (
    select sum(r.relpages::bigint)::bigint * current_setting('block_size')::bigint as bytes,
           sum(pg_stat_get_blocks_hit(r.oid)) filter (where r.theirs and r.relkind <> 'i')::bigint as heap_hit,
           sum(pg_stat_get_blocks_fetched(r.oid)) filter (where r.theirs and r.relkind <> 'i')::bigint as heap_wanted,
           sum(pg_stat_get_blocks_hit(r.oid)) filter (where r.theirs and r.relkind = 'i')::bigint as index_hit,
           sum(pg_stat_get_blocks_fetched(r.oid)) filter (where r.theirs and r.relkind = 'i')::bigint as index_wanted
      from relation r
), rows as (
    select sum(live)::bigint as live_rows,
           sum(dead)::bigint as dead_rows,
           max(analyzed) as analyzed_at,
           count(*) as tables
      from (select pg_stat_get_live_tuples(r.oid) as live,
                   pg_stat_get_dead_tuples(r.oid) as dead,
                   greatest(pg_stat_get_last_analyze_time(r.oid), pg_stat_get_last_autoanalyze_time(r.oid)) as analyzed
              from relation r
             where r.theirs and r.relkind in ('r', 'm')) each
)
select t.bytes, t.heap_hit, t.heap_wanted, t.index_hit, t.index_wanted,
       r.live_rows, r.dead_rows, r.analyzed_at, r.tables,
       (select json_object_agg(n, current_setting(n, true)) from unnest(%(settings)s::text[]) n) as settings,
       array(select name from pg_settings where pending_restart order by name) as pending
  from counted t
 cross join rows r
