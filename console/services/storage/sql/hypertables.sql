-- Hypertables of any schema, with the dimension that their chunks are made along; those behind continuous aggregates
-- are told with these.
select c.oid::bigint as oid,
       h.hypertable_schema::text as schema_name,
       h.hypertable_name::text as table_name,
       'hypertable' as kind,
       d.column_name::text as "column",
       t.typname::text as type,
       extract(epoch from d.time_interval)::float8 as interval,
       d.integer_interval as interval_number,
       h.num_dimensions - 1 as spaces,
       h.compression_enabled as compression
  from timescaledb_information.hypertables h
  join pg_namespace n on n.nspname = h.hypertable_schema
  join pg_class c on c.relnamespace = n.oid and c.relname = h.hypertable_name
  left join timescaledb_information.dimensions d on d.hypertable_schema = h.hypertable_schema
                                                and d.hypertable_name = h.hypertable_name
                                                and d.dimension_number = 1
  left join pg_type t on t.oid = d.column_type
