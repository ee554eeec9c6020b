-- 005 with TimescaleDB holds: chunks of 7 days, compressed after 90 and kept 7 years, and three aggregates that refresh
-- themselves. Figures are compared, because adding a policy that exists already keeps the old ones without a word.
WITH wanted_columns (tab, columns) AS (VALUES
    ('audit_logs_hourly',
     'hour timestamptz, entity_type text, action text, event_count bigint, unique_users bigint, '
     'unique_entities bigint'),
    ('audit_logs_daily',
     'day timestamptz, entity_type text, action text, emr_system text, event_count bigint, '
     'unique_users bigint, unique_entities bigint, unique_patients bigint'),
    ('emr_verification_metrics',
     'hour timestamptz, emr_system text, total_verifications bigint, successful_verifications bigint, '
     'failed_verifications bigint, avg_response_time_ms numeric, p95_response_time_ms double precision, '
     'p99_response_time_ms double precision')
), wanted_indexes (idx, def) AS (VALUES
    ('idx_audit_logs_user_time', 'btree (user_id, created_at DESC)'),
    ('idx_audit_logs_entity_time', 'btree (entity_type, entity_id, created_at DESC)'),
    ('idx_audit_logs_emr_patient',
     'btree (emr_system, emr_patient_id, created_at DESC) WHERE (emr_patient_id IS NOT NULL)'),
    ('idx_audit_logs_action_time', 'btree (action, created_at DESC)')
), 
wanted_hypertables (tab) AS (VALUES ('audit_logs'), ('audit_log_details')), 
wanted_aggregates (agg, live, starts, ends, every) AS (VALUES
    ('audit_logs_hourly', true, interval '3 days', interval '1 hour', interval '1 hour'),
    ('audit_logs_daily', false, interval '1 month', interval '1 day', interval '1 day'),
    ('emr_verification_metrics', true, interval '3 days', interval '30 minutes', interval '30 minutes')
)
SELECT 'columns of ' || w.tab AS name, coalesce(string_to_array(w.columns, ', ') <@ f.columns, false) AS ok,
       w.columns AS expected, array_to_string(f.columns, ', ') AS found
FROM wanted_columns AS w CROSS JOIN LATERAL (
    SELECT array_agg(concat_ws(' ', a.attname, replace(replace(format_type(a.atttypid, a.atttypmod),
               'character varying', 'varchar'), 'timestamp with time zone', 'timestamptz'),
               CASE WHEN a.attnotnull THEN 'not null' END) ORDER BY a.attnum) AS columns
    FROM pg_attribute AS a WHERE a.attrelid = to_regclass(w.tab) AND a.attnum > 0 AND NOT a.attisdropped
) AS f
UNION ALL
SELECT 'index ' || w.idx, coalesce(f.def = w.def AND i.indisvalid, false),
       w.def, f.def || CASE WHEN i.indisvalid THEN '' ELSE ' INVALID' END
FROM wanted_indexes AS w LEFT JOIN pg_index AS i ON i.indexrelid = to_regclass(w.idx)
CROSS JOIN LATERAL (SELECT regexp_replace(pg_get_indexdef(i.indexrelid), '^.* USING ', '') AS def) AS f
UNION ALL
SELECT 'function ' || w.function, to_regprocedure(w.function) IS NOT NULL, NULL, NULL
FROM (VALUES ('get_recent_audit_logs(integer,text,uuid)'), ('check_audit_retention_status()')) AS w (function)
UNION ALL
SELECT 'chunks of ' || w.tab, coalesce(d.time_interval = interval '7 days', false), '7 days', d.time_interval::text
FROM wanted_hypertables AS w LEFT JOIN timescaledb_information.dimensions AS d
    ON (d.hypertable_schema, d.hypertable_name, d.column_name) = ('public', w.tab, 'created_at')
UNION ALL
SELECT 'compression of ' || w.tab, coalesce(f.setting = 'created_at DESC, id DESC', false),
       'created_at DESC, id DESC', f.setting
FROM wanted_hypertables AS w CROSS JOIN LATERAL (
    SELECT string_agg(s.attname || CASE s.orderby_asc WHEN true THEN ' ASC' WHEN false THEN ' DESC' ELSE ' segment' END,
                      ', ' ORDER BY s.orderby_column_index) AS setting
    FROM timescaledb_information.compression_settings AS s
    WHERE (s.hypertable_schema, s.hypertable_name) = ('public', w.tab)
) AS f
UNION ALL
SELECT w.tab || ' is compressed after', coalesce((j.config ->> 'compress_after')::interval = interval '90 days', false),
       '90 days', j.config ->> 'compress_after'
FROM wanted_hypertables AS w LEFT JOIN timescaledb_information.jobs AS j
    ON (j.proc_name, j.hypertable_schema, j.hypertable_name) = ('policy_compression', 'public', w.tab)
UNION ALL
SELECT w.tab || ' is kept', coalesce((j.config ->> 'drop_after')::interval >= interval '7 years', false),
       'at least 7 years', j.config ->> 'drop_after'
FROM wanted_hypertables AS w LEFT JOIN timescaledb_information.jobs AS j
    ON (j.proc_name, j.hypertable_schema, j.hypertable_name) = ('policy_retention', 'public', w.tab)
UNION ALL
SELECT w.agg || ' answers live', coalesce(a.materialized_only = NOT w.live, false),
       w.live::text, (NOT a.materialized_only)::text
FROM wanted_aggregates AS w LEFT JOIN timescaledb_information.continuous_aggregates AS a
    ON (a.view_schema, a.view_name) = ('public', w.agg)
UNION ALL
SELECT w.agg || ' is refreshed', coalesce(
           (j.config ->> 'start_offset')::interval = w.starts AND (j.config ->> 'end_offset')::interval = w.ends
           AND j.schedule_interval = w.every, false),
       format('from %s to %s ago, every %s', w.starts, w.ends, w.every),
       format('from %s to %s ago, every %s',
              j.config ->> 'start_offset', j.config ->> 'end_offset', j.schedule_interval)
FROM wanted_aggregates AS w
LEFT JOIN timescaledb_information.continuous_aggregates AS a ON (a.view_schema, a.view_name) = ('public', w.agg)
LEFT JOIN timescaledb_information.jobs AS j -- which names the hidden table or the view, depending on the version
    ON j.proc_name = 'policy_refresh_continuous_aggregate'
   AND (j.hypertable_schema, j.hypertable_name) IN
       ((a.view_schema, a.view_name), (a.materialization_hypertable_schema, a.materialization_hypertable_name));
