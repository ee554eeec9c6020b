-- By what the chunks of a hypertable are compressed, column by column; this view is there in every version.
select s.attname::text as "column",
       s.segmentby_column_index as segment,
       s.orderby_column_index as "order",
       coalesce(s.orderby_asc, true) as ascending,
       coalesce(s.orderby_nullsfirst, false) as nulls_first
  from timescaledb_information.compression_settings s
 where s.hypertable_schema = %(schema_name)s
   and s.hypertable_name = %(table_name)s
