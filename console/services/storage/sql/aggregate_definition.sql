-- What a continuous aggregate was made by; its view alone would show the tables that TimescaleDB has put behind it.
select 'head' as kind,
       format(E'CREATE MATERIALIZED VIEW %%I.%%I\n'
              'WITH (timescaledb.continuous, timescaledb.materialized_only = %%s) AS\n%%s\nWITH NO DATA;',
              a.view_schema, a.view_name, a.materialized_only::text, rtrim(a.view_definition, '; ')) as text
  from timescaledb_information.continuous_aggregates a
 where a.view_schema = %(schema_name)s
   and a.view_name = %(view_name)s
