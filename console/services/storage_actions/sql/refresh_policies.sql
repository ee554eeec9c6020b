-- The policies that refresh one continuous aggregate. Before 2.20 their job names the table behind it, so that the number
-- in their configuration is what identifies it.
select extract(epoch from (j.config ->> 'start_offset')::interval)::float8 as start,
       extract(epoch from (j.config ->> 'end_offset')::interval)::float8 as "end",
       extract(epoch from j.schedule_interval)::float8 as every
  from timescaledb_information.jobs j
  join timescaledb_information.continuous_aggregates a
    on (a.view_schema, a.view_name) = (%(schema)s::name, %(name)s::name)
  join _timescaledb_catalog.hypertable h
    on (h.schema_name, h.table_name) = (a.materialization_hypertable_schema, a.materialization_hypertable_name)
 where j.proc_name = 'policy_refresh_continuous_aggregate'
   and (j.config ->> 'mat_hypertable_id')::int = h.id
