-- What TimescaleDB adds to schema public: hypertables, how they compress, aggregates and policies; job and hypertable
-- numbers and the clock of the first run are left out, because they differ each time.
SELECT concat_ws(' | ', 'hypertable', h.hypertable_name, h.owner, h.compression_enabled, d.column_name, d.time_interval) AS fact
FROM timescaledb_information.hypertables AS h
JOIN timescaledb_information.dimensions AS d USING (hypertable_schema, hypertable_name)
WHERE h.hypertable_schema = 'public'
UNION ALL
SELECT concat_ws(' | ', 'compression', s.hypertable_name, s.attname, s.segmentby_column_index, s.orderby_column_index,
                 s.orderby_asc, s.orderby_nullsfirst)
FROM timescaledb_information.compression_settings AS s WHERE s.hypertable_schema = 'public'
UNION ALL
SELECT concat_ws(' | ', 'aggregate', a.view_name, a.view_owner, a.materialized_only, a.view_definition)
FROM timescaledb_information.continuous_aggregates AS a
UNION ALL
SELECT concat_ws(' | ', 'policy', coalesce(a.view_name, j.hypertable_name), j.proc_name, j.owner, j.schedule_interval,
                 j.scheduled, j.fixed_schedule, j.config - 'hypertable_id' - 'mat_hypertable_id')
FROM timescaledb_information.jobs AS j
LEFT JOIN timescaledb_information.continuous_aggregates AS a
    ON j.hypertable_name IN (a.view_name, a.materialization_hypertable_name)
WHERE j.job_id >= 1000
ORDER BY fact;
