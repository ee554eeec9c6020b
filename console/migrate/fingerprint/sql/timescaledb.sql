-- What TimescaleDB adds to the schemas. The numbers of jobs and hypertables and the clock of a job's first run are left
-- out: they differ each time a policy is removed and added. Two jobs of one procedure on one table are told together.
with compression as (
    select hypertable_schema, hypertable_name,
           string_agg(attname, ', ' order by segmentby_column_index)
               filter (where segmentby_column_index is not null) as segmentby,
           string_agg(concat(attname, case when orderby_asc then ' asc' else ' desc' end,
                             case when orderby_nullsfirst then ' nulls first' else ' nulls last' end),
                      ', ' order by orderby_column_index)
               filter (where orderby_column_index is not null) as orderby
      from timescaledb_information.compression_settings
     group by hypertable_schema, hypertable_name
), job as (
    select concat_ws(' ', 'job', concat(quote_ident(j.proc_schema), '.', quote_ident(j.proc_name)),
                     'on ' || coalesce(quote_ident(a.view_schema) || '.' || quote_ident(a.view_name),
                                       quote_ident(j.hypertable_schema) || '.' || quote_ident(j.hypertable_name)))
               as identity,
           concat_ws('; ', 'every ' || j.schedule_interval, case when not j.scheduled then 'PAUSED' end,
                     case when j.fixed_schedule then 'at fixed times' end, 'at most ' || j.max_runtime,
                     'tries ' || j.max_retries, (j.config - '{hypertable_id,mat_hypertable_id}'::text[])::text)
               as definition,
           j.owner::text as owner
      from timescaledb_information.jobs j
      left join timescaledb_information.continuous_aggregates a
        on (j.hypertable_schema, j.hypertable_name) in
           ((a.view_schema, a.view_name), (a.materialization_hypertable_schema, a.materialization_hypertable_name))
     where j.job_id >= 1000
)
select concat('hypertable ', quote_ident(h.hypertable_schema), '.', quote_ident(h.hypertable_name)) as identity,
       concat_ws('; ', (select string_agg(concat_ws(' ', 'by', d.column_name, 'every ' || d.time_interval,
                                                    'every ' || d.integer_interval, 'in ' || d.num_partitions),
                                          ', ' order by d.dimension_number)
                          from timescaledb_information.dimensions d
                         where (d.hypertable_schema, d.hypertable_name) = (h.hypertable_schema, h.hypertable_name)),
                 case when h.compression_enabled then 'compressed' end, 'segment by ' || c.segmentby,
                 'order by ' || c.orderby) as definition
  from timescaledb_information.hypertables h
  left join compression c using (hypertable_schema, hypertable_name)
 where h.hypertable_schema !~ '^_timescaledb_'
union all
select concat('continuous aggregate ', quote_ident(a.view_schema), '.', quote_ident(a.view_name)),
       concat_ws('; ', case when a.materialized_only then 'materialized only' else 'real time' end,
                 case when a.compression_enabled then 'compressed' end,
                 regexp_replace(btrim(a.view_definition, ' ;'), '\s*\n\s*', ' ', 'g'))
  from timescaledb_information.continuous_aggregates a
union all
select identity, string_agg(definition, ' | ' order by definition) from job group by identity
union all
select 'owner of ' || identity, string_agg(distinct owner, ', ' order by owner) from job group by identity
