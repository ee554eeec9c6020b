-- Continuous aggregates: how far each is materialized, what its policies reach, and which ranges of changed rows wait
-- to be refreshed. Of those the ends of time are left out: they are what was never materialized, and stand there for
-- ever. A range that lies wholly before what any policy reaches is an orphan: it stays until somebody refreshes it.
-- Several policies on one aggregate (from 2.21 on) are taken together. The bucket stands in the definition alone. What
-- lies beside the rows of its chunks is asked here, since these are few; a compressed one's size has it already. They are
-- looked up without the view of chunks, which goes through those of every hypertable.
select a.view_schema::text as schema_name,
       a.view_name::text as view_name,
       not a.materialized_only as realtime,
       a.hypertable_schema::text as raw_schema,
       a.hypertable_name::text as raw_name,
       m.parent::bigint as parent,
       x.parent::bigint as raw_parent,
       case when t.timed and w.watermark > %(start)s and w.watermark < %(end)s
            then to_timestamp(w.watermark / 1e6) end as watermark,
       case when not t.timed and w.watermark > %(start)s and w.watermark < %(end)s
            then w.watermark end as watermark_number,
       extract(epoch from substring(a.view_definition from 'time_bucket\(''([^'']+)''::interval')::interval)::float8
           as bucket,
       p.policies,
       p.unbounded,
       p.start_offset,
       p.start_number,
       p.end_offset,
       p.every,
       p.scheduled,
       p.next_start,
       p.last_success,
       l.pending,
       case when p.policies > 0 and (p.unbounded or p.reach is not null) then l.orphans end as orphans,
       b.bytes as beside
  from timescaledb_information.continuous_aggregates a
 cross join lateral (select h.id, c.oid as parent
                       from _timescaledb_catalog.hypertable h
                       join pg_namespace n on n.nspname = h.schema_name
                       join pg_class c on c.relnamespace = n.oid and c.relname = h.table_name
                      where h.schema_name = a.materialization_hypertable_schema
                        and h.table_name = a.materialization_hypertable_name) m
 cross join lateral (select h.id, c.oid as parent
                       from _timescaledb_catalog.hypertable h
                       join pg_namespace n on n.nspname = h.schema_name
                       join pg_class c on c.relnamespace = n.oid and c.relname = h.table_name
                      where h.schema_name = a.hypertable_schema
                        and h.table_name = a.hypertable_name) x
 cross join lateral (select coalesce(bool_or(d.time_interval is not null), true) as timed
                       from timescaledb_information.dimensions d
                      where d.hypertable_schema = a.materialization_hypertable_schema
                        and d.hypertable_name = a.materialization_hypertable_name
                        and d.dimension_number = 1) t
  left join _timescaledb_catalog.continuous_aggs_watermark w on w.mat_hypertable_id = m.id
 cross join lateral (select count(*) as policies,
                            coalesce(bool_or(o.first is null), false) as unbounded,
                            extract(epoch from max(o.first::interval) filter (where t.timed))::float8 as start_offset,
                            max(o.first::bigint) filter (where not t.timed) as start_number,
                            extract(epoch from min(o.last::interval) filter (where t.timed))::float8 as end_offset,
                            min(extract(epoch from o.schedule_interval))::float8 as every,
                            coalesce(bool_or(o.scheduled), false) as scheduled,
                            min(o.next_start) filter (where isfinite(o.next_start)) as next_start,
                            max(s.last_successful_finish) filter (where isfinite(s.last_successful_finish))
                                as last_success,
                            extract(epoch from min(now() - o.first::interval) filter (where t.timed)) * 1e6 as reach
                       from (select j.*, j.config ->> 'start_offset' as first, j.config ->> 'end_offset' as last
                               from timescaledb_information.jobs j) o
                       left join _timescaledb_internal.bgw_job_stat s on s.job_id = o.job_id
                      where o.proc_name = 'policy_refresh_continuous_aggregate'
                        and (o.config ->> 'mat_hypertable_id')::int = m.id) p
 cross join lateral (select count(*) as pending,
                            count(*) filter (where not p.unbounded and g.greatest_modified_value < p.reach) as orphans
                       from (select lowest_modified_value, greatest_modified_value
                               from _timescaledb_catalog.continuous_aggs_materialization_invalidation_log
                              where materialization_id = m.id
                              union all
                             select lowest_modified_value, greatest_modified_value
                               from _timescaledb_catalog.continuous_aggs_hypertable_invalidation_log
                              where hypertable_id = x.id) g
                      where g.lowest_modified_value > %(start)s
                        and g.greatest_modified_value < %(end)s) l
 cross join lateral (select coalesce(sum(case when oid = k.chunk then 0 else relpages end + /* include maps */), 0)
                                * current_setting('block_size')::bigint as bytes
                       from (select c.oid as chunk, c.reltoastrelid as toast
                               from pg_inherits i
                               join pg_class c on c.oid = i.inhrelid
                              where i.inhparent = m.parent
                                and c.reltuples >= 0
                                and not exists (select from _timescaledb_catalog.compression_chunk_size s
                                                 where s.chunk_id::text = split_part(c.relname::text, '_', -2))) k
                       join pg_class on oid in (k.chunk, k.toast)
                         or oid = any (array(select indexrelid from pg_index where indrelid in (k.chunk, k.toast)))) b
 order by a.view_schema <> 'public', a.view_schema, a.view_name
