-- 005 without TimescaleDB holds: both audit tables in weekly partitions, no row of a week in DEFAULT, none open to
-- TRUNCATE, and the three statistics filled.
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
    ('idx_audit_logs_action_time', 'btree (action, created_at DESC)'),
    ('idx_audit_logs_hourly', 'btree (hour, entity_type, action)'),
    ('idx_audit_logs_daily', 'btree (day, entity_type, action, emr_system)'),
    ('idx_emr_verification_metrics', 'btree (hour, emr_system)')
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
FROM (VALUES ('audit_ensure_partitions(timestamptz,timestamptz,boolean)'), ('get_recent_audit_logs(integer,text,uuid)'),
             ('check_audit_retention_status()')) AS w (function)
UNION ALL
SELECT w.tab || ' is partitioned', coalesce(pg_get_partkeydef(to_regclass(w.tab)) = 'RANGE (created_at)', false),
       'RANGE (created_at)', pg_get_partkeydef(to_regclass(w.tab))
FROM (VALUES ('audit_logs'), ('audit_log_details')) AS w (tab)
UNION ALL
SELECT 'TRUNCATE refused on every partition of ' || w.tab,
       count(i.inhrelid) > 0 AND count(i.inhrelid) = count(t.oid),
       'the trigger on all ' || count(i.inhrelid) || ' of them', 'on ' || count(t.oid)
FROM (VALUES ('audit_logs'), ('audit_log_details')) AS w (tab)
LEFT JOIN pg_inherits AS i ON i.inhparent = to_regclass(w.tab)
LEFT JOIN pg_trigger AS t
    ON t.tgrelid = i.inhrelid AND t.tgname = 'trg_' || w.tab || '_no_truncate' AND t.tgenabled IN ('O', 'A')
GROUP BY w.tab
UNION ALL
SELECT w.tab || ' is filled', coalesce(m.ispopulated, false), NULL, NULL
FROM (VALUES ('audit_logs_hourly'), ('audit_logs_daily'), ('emr_verification_metrics')) AS w (tab)
LEFT JOIN pg_matviews AS m ON m.schemaname = 'public' AND m.matviewname = w.tab;

-- Statements of their own, because they read rows: whoever may not is answered everything else. Rows that were written
-- with a date far away have no week; audit_ensure_partitions leaves them where they are.
SELECT 'no row in audit_logs_default that has a week' AS name, count(*) = 0 AS ok, '0 rows' AS expected,
       count(*) || ' rows' AS found
FROM audit_logs_default
WHERE created_at >= date_bin('168 hours', now() - interval '7 years', '1970-01-01 00:00:00+00')
  AND created_at < date_bin('168 hours', now() + interval '1 year', '1970-01-01 00:00:00+00');

SELECT 'no row in audit_log_details_default that has a week' AS name, count(*) = 0 AS ok, '0 rows' AS expected,
       count(*) || ' rows' AS found
FROM audit_log_details_default
WHERE created_at >= date_bin('168 hours', now() - interval '7 years', '1970-01-01 00:00:00+00')
  AND created_at < date_bin('168 hours', now() + interval '1 year', '1970-01-01 00:00:00+00');
