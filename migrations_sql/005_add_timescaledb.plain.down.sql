-- Back from 005 without TimescaleDB: the audit tables are plain tables again, as 002 made them, with every row.
-- Replaced, because a partitioned table cannot be turned back in place: under an exclusive lock and counted on both
-- sides (audit_carry_over); indexes come last, because that is faster and the old ones' names are free by then.
-- emr: statement_timeout = 2h
-- A partition takes a two-hundredth of a second to drop however few rows it has, measured on 18 with seven years.
-- emr: stall = SELECT 0.005 * count(*) FROM pg_inherits WHERE inhparent IN (to_regclass('audit_logs'), to_regclass('audit_log_details'))

-- Whoever does not see every row would lose the others: rather an error.
SET LOCAL row_security = off;

LOCK TABLE audit_logs, audit_log_details IN ACCESS EXCLUSIVE MODE;

SELECT FROM audit_logs, audit_log_details LIMIT 0; -- so that the error calls them by their names

SELECT audit_assert_lock_room(500 + 52 * (SELECT count(*) FROM pg_inherits WHERE inhparent = 'audit_logs'::regclass));

DROP FUNCTION check_audit_retention_status();
DROP FUNCTION get_recent_audit_logs(integer, text, uuid);
DROP MATERIALIZED VIEW emr_verification_metrics;
DROP MATERIALIZED VIEW audit_logs_daily;
DROP MATERIALIZED VIEW audit_logs_hourly;
DROP FUNCTION audit_ensure_partitions(timestamptz, timestamptz, boolean);
DROP FUNCTION audit_make_partition(text, timestamptz);
DROP FUNCTION audit_assert_lock_room(bigint);

ALTER TABLE audit_logs RENAME TO audit_logs_old;
ALTER TABLE audit_log_details RENAME TO audit_log_details_old;

CREATE TABLE audit_logs (LIKE audit_logs_old INCLUDING ALL EXCLUDING INDEXES EXCLUDING STATISTICS);
CREATE TABLE audit_log_details (LIKE audit_log_details_old INCLUDING ALL EXCLUDING INDEXES EXCLUDING STATISTICS);

SELECT audit_make_ready('audit_logs_old', 'audit_logs');
SELECT audit_make_ready('audit_log_details_old', 'audit_log_details');

INSERT INTO audit_logs OVERRIDING SYSTEM VALUE SELECT * FROM audit_logs_old;
INSERT INTO audit_log_details OVERRIDING SYSTEM VALUE SELECT * FROM audit_log_details_old;

ALTER MATERIALIZED VIEW emr_verification_report RENAME TO emr_verification_report_old;
ALTER MATERIALIZED VIEW compliance_audit_summary RENAME TO compliance_audit_summary_old;

CREATE MATERIALIZED VIEW emr_verification_report AS
SELECT
    emr_system,
    date_trunc('hour', created_at, 'UTC') AS time_bucket,
    count(*) AS verification_count,
    count(*) FILTER (WHERE action = 'EMR_VERIFY') AS successful_verifications,
    avg(CASE
        WHEN jsonb_typeof(metadata -> 'response_time_ms') = 'number' THEN (metadata ->> 'response_time_ms')::numeric
        WHEN jsonb_typeof(metadata -> 'response_time') = 'number' THEN (metadata ->> 'response_time')::numeric
    END) AS avg_response_time
FROM audit_logs
WHERE action IN ('EMR_VERIFY', 'EPIC_VERIFY', 'CERNER_VERIFY') AND emr_system IS NOT NULL
GROUP BY emr_system, date_trunc('hour', created_at, 'UTC');

CREATE MATERIALIZED VIEW compliance_audit_summary AS
SELECT
    (created_at AT TIME ZONE 'UTC')::date AS audit_date,
    entity_type,
    action,
    count(*) AS action_count,
    count(DISTINCT user_id) AS unique_users,
    count(DISTINCT emr_patient_id) AS affected_patients
FROM audit_logs
GROUP BY (created_at AT TIME ZONE 'UTC')::date, entity_type, action;

SELECT audit_carry_over('audit_logs_old', 'audit_logs');
SELECT audit_carry_over('audit_log_details_old', 'audit_log_details');
SELECT audit_carry_over('emr_verification_report_old', 'emr_verification_report');
SELECT audit_carry_over('compliance_audit_summary_old', 'compliance_audit_summary');

DROP MATERIALIZED VIEW emr_verification_report_old;
DROP MATERIALIZED VIEW compliance_audit_summary_old;
DROP TABLE audit_log_details_old;
DROP TABLE audit_logs_old;

ALTER TABLE audit_logs ADD CONSTRAINT audit_logs_pkey PRIMARY KEY (id, created_at);
CREATE INDEX audit_logs_entity_type_index ON audit_logs (entity_type);
CREATE INDEX audit_logs_entity_id_index ON audit_logs (entity_id);
CREATE INDEX audit_logs_user_id_index ON audit_logs (user_id);
CREATE INDEX audit_logs_emr_patient_id_index ON audit_logs (emr_patient_id);
CREATE INDEX audit_logs_entity_type_entity_id_index ON audit_logs (entity_type, entity_id);
CREATE INDEX audit_logs_emr_system_emr_patient_id_index ON audit_logs (emr_system, emr_patient_id);
CREATE INDEX idx_audit_logs_created_at_brin ON audit_logs USING brin (created_at);
ALTER TABLE audit_log_details ADD CONSTRAINT audit_log_details_pkey PRIMARY KEY (id, created_at);
CREATE INDEX audit_log_details_audit_log_id_index ON audit_log_details (audit_log_id);
CREATE INDEX idx_audit_log_details_created_at_brin ON audit_log_details USING brin (created_at);
CREATE UNIQUE INDEX idx_emr_verification_report ON emr_verification_report (emr_system, time_bucket);
CREATE UNIQUE INDEX idx_compliance_audit_summary ON compliance_audit_summary (audit_date, entity_type, action);
SELECT audit_describe_indexes();

-- The planner knows nothing of new tables.
ANALYZE audit_logs, audit_log_details;
