-- 005 with TimescaleDB: both audit tables become hypertables, and the three statistics continuous aggregates.
-- Why: ten million rows and more, of which 99 of 100 are older than a week. Chunks of 7 days are compressed after 90
-- and dropped after 7 years; compressed rows are kept in time order, so that a patient's history reads few of them.
-- Policies look back days and a month, because devices that were offline send their rows late.
-- emr: requires = timescaledb>=2.11
-- emr: statement_timeout = 2h
-- A week of both tables takes a sixtieth of a second to make however few rows it has, measured without TimescaleDB.
-- emr: stall = SELECT 0.016 * (9 + extract(epoch FROM now() - coalesce(min(created_at), now())) / 604800) FROM audit_logs WHERE created_at BETWEEN now() - interval '7 years' AND now()

CREATE EXTENSION IF NOT EXISTS timescaledb;

-- Whoever does not see every row would lose the others: rather an error.
SET LOCAL row_security = off;

LOCK TABLE audit_logs, audit_log_details IN ACCESS EXCLUSIVE MODE;

-- A trigger runs as whoever writes an audit row and may swallow the row, so its function has to belong to one who could
-- change the rows anyway. Whoever ran 002 owns audit_carry_over.
DO $$
DECLARE
    strange record;
BEGIN
    SELECT t.tgname, c.relname, f.proowner::regrole AS owner INTO strange
    FROM pg_class AS c JOIN pg_trigger AS t ON t.tgrelid = c.oid JOIN pg_proc AS f ON f.oid = t.tgfoid
    WHERE c.oid IN ('audit_logs'::regclass, 'audit_log_details'::regclass) AND NOT t.tgisinternal
      AND f.proowner NOT IN (
        SELECT c.relowner
        UNION SELECT oid FROM pg_roles WHERE rolsuper OR rolname IN (current_user, 'emr_audit_owner')
        UNION SELECT datdba FROM pg_database WHERE datname = current_database()
        UNION SELECT nspowner FROM pg_namespace WHERE nspname = 'public'
        UNION SELECT proowner FROM pg_proc WHERE oid = 'audit_carry_over(regclass, regclass)'::regprocedure
      )
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'trigger % on % runs a function of %', strange.tgname, strange.relname, strange.owner
            USING ERRCODE = 'EM001',
                  HINT = 'It could swallow audit rows. Have it looked at, then drop the trigger, or give its function '
                         'to the owner of the audit rows (ALTER FUNCTION .. OWNER TO).';
    END IF;
END
$$;

-- Whatever was granted by hand since 002: its chunks will have the rights that a table has.
DO $$
DECLARE
    statement text;
BEGIN
    FOR statement IN
        SELECT format('REVOKE %s ON %s FROM %s CASCADE', x.privilege_type, c.oid::regclass,
                      CASE x.grantee WHEN 0 THEN 'PUBLIC' ELSE x.grantee::regrole::text END)
        FROM pg_class AS c CROSS JOIN LATERAL (
            SELECT * FROM aclexplode(c.relacl)
            UNION ALL
            SELECT y.*
            FROM pg_attribute AS a CROSS JOIN aclexplode(a.attacl) AS y
            WHERE a.attrelid = c.oid AND NOT a.attisdropped
        ) AS x
        WHERE c.oid IN ('audit_logs'::regclass, 'audit_log_details'::regclass)
          AND x.grantee <> c.relowner AND x.privilege_type NOT IN ('SELECT', 'INSERT')
    LOOP
        EXECUTE statement;
    END LOOP;
END
$$;

DO $$
DECLARE
    guarded name;
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'only a read committed transaction sees the rows that were written until the lock was had'
            USING ERRCODE = 'EM001';
    END IF;
    SELECT relname INTO guarded FROM pg_class
    WHERE oid IN ('audit_logs'::regclass, 'audit_log_details'::regclass) AND relrowsecurity;
    IF FOUND THEN
        RAISE EXCEPTION '% has row security, which TimescaleDB refuses where it compresses', guarded
            USING ERRCODE = 'EM001',
                  HINT = 'Leave SELECT to those only who may see every row and disable it (ALTER TABLE .. DISABLE ROW '
                         'LEVEL SECURITY), or do without TimescaleDB (emr-console migrate up --flavour plain).';
    END IF;
END
$$;

SELECT set_config('emr.audit_logs', (SELECT count(*) FROM audit_logs)::text, true),
       set_config('emr.audit_log_details', (SELECT count(*) FROM audit_log_details)::text, true);

-- migrate_data truncates the old heap, which these triggers refuse; a hypertable's cannot be disabled for a while.
SELECT set_config('emr.' || t.tgname, coalesce(obj_description(t.oid, 'pg_trigger'), ''), true)
FROM pg_trigger AS t
WHERE t.tgrelid IN ('audit_logs'::regclass, 'audit_log_details'::regclass) AND t.tgname ~ '_no_truncate$';
DROP TRIGGER trg_audit_logs_no_truncate ON audit_logs;
DROP TRIGGER trg_audit_log_details_no_truncate ON audit_log_details;

SELECT create_hypertable('audit_logs', 'created_at', chunk_time_interval => interval '7 days',
                         create_default_indexes => false, migrate_data => true);
SELECT create_hypertable('audit_log_details', 'created_at', chunk_time_interval => interval '7 days',
                         create_default_indexes => false, migrate_data => true);

CREATE TRIGGER trg_audit_logs_no_truncate BEFORE TRUNCATE ON audit_logs
    FOR EACH STATEMENT EXECUTE FUNCTION prevent_audit_modification();
CREATE TRIGGER trg_audit_log_details_no_truncate BEFORE TRUNCATE ON audit_log_details
    FOR EACH STATEMENT EXECUTE FUNCTION prevent_audit_modification();

DO $$
DECLARE
    target text;
BEGIN
    FOREACH target IN ARRAY ARRAY['audit_logs', 'audit_log_details'] LOOP
        EXECUTE format('COMMENT ON TRIGGER trg_%1$s_no_truncate ON %1$s IS %2$L', target,
                       nullif(current_setting(format('emr.trg_%s_no_truncate', target)), ''));
    END LOOP;
    IF current_setting('emr.audit_logs')::bigint <> (SELECT count(*) FROM audit_logs)
       OR current_setting('emr.audit_log_details')::bigint <> (SELECT count(*) FROM audit_log_details) THEN
        RAISE EXCEPTION 'rows were lost on the way into the chunks' USING ERRCODE = 'EM001';
    END IF;
END
$$;

CREATE INDEX idx_audit_logs_user_time ON audit_logs (user_id, created_at DESC);
CREATE INDEX idx_audit_logs_entity_time ON audit_logs (entity_type, entity_id, created_at DESC);
CREATE INDEX idx_audit_logs_emr_patient ON audit_logs (emr_system, emr_patient_id, created_at DESC)
    WHERE emr_patient_id IS NOT NULL;
CREATE INDEX idx_audit_logs_action_time ON audit_logs (action, created_at DESC);

ALTER TABLE audit_logs SET (
    timescaledb.compress, timescaledb.compress_segmentby = '', timescaledb.compress_orderby = 'created_at DESC, id DESC'
);
ALTER TABLE audit_log_details SET (
    timescaledb.compress, timescaledb.compress_segmentby = '', timescaledb.compress_orderby = 'created_at DESC, id DESC'
);

-- A policy is refused for a table whose owner cannot sign in, as emr_audit_owner cannot. Its job belongs to whoever
-- owns the table at that moment and stays his, so this role owns it just long enough.
DO $$
DECLARE
    target text;
    owner name;
BEGIN
    FOREACH target IN ARRAY ARRAY['audit_logs', 'audit_log_details'] LOOP
        SELECT r.rolname INTO owner FROM pg_class AS c JOIN pg_roles AS r ON r.oid = c.relowner
        WHERE c.oid = target::regclass AND NOT r.rolcanlogin;
        IF FOUND THEN
            EXECUTE format('ALTER TABLE %I OWNER TO CURRENT_USER', target);
        END IF;
        PERFORM add_compression_policy(target, compress_after => interval '90 days');
        PERFORM add_retention_policy(target, drop_after => interval '7 years');
        IF owner IS NOT NULL THEN
            EXECUTE format('ALTER TABLE %I OWNER TO %I', target, owner);
        END IF;
    END LOOP;
END
$$;

CREATE MATERIALIZED VIEW audit_logs_hourly
WITH (timescaledb.continuous, timescaledb.materialized_only = false) AS
SELECT
    time_bucket('1 hour', created_at) AS hour,
    entity_type,
    action,
    count(*) AS event_count,
    count(DISTINCT user_id) AS unique_users,
    count(DISTINCT entity_id) AS unique_entities
FROM audit_logs
GROUP BY time_bucket('1 hour', created_at), entity_type, action
WITH NO DATA;

CREATE MATERIALIZED VIEW audit_logs_daily
WITH (timescaledb.continuous, timescaledb.materialized_only = true) AS
SELECT
    time_bucket('1 day', created_at) AS day,
    entity_type,
    action,
    emr_system,
    count(*) AS event_count,
    count(DISTINCT user_id) AS unique_users,
    count(DISTINCT entity_id) AS unique_entities,
    count(DISTINCT emr_patient_id) AS unique_patients
FROM audit_logs
WHERE emr_system IS NOT NULL
GROUP BY time_bucket('1 day', created_at), entity_type, action, emr_system
WITH NO DATA;

-- A response time that is no number counts as none: one bad row would stop every refresh.
CREATE MATERIALIZED VIEW emr_verification_metrics
WITH (timescaledb.continuous, timescaledb.materialized_only = false) AS
SELECT
    time_bucket('1 hour', created_at) AS hour,
    emr_system,
    count(*) AS total_verifications,
    count(*) FILTER (
        WHERE action <> 'EMR_VERIFY_FAILED'
          AND coalesce(metadata ->> 'outcome', CASE action WHEN 'EMR_VERIFY' THEN 'SUCCESS' END) = 'SUCCESS'
    ) AS successful_verifications,
    count(*) FILTER (WHERE action = 'EMR_VERIFY_FAILED' OR metadata ->> 'outcome' = 'FAILED') AS failed_verifications,
    avg(CASE WHEN jsonb_typeof(metadata -> 'response_time_ms') = 'number'
        THEN (metadata ->> 'response_time_ms')::numeric END) AS avg_response_time_ms,
    percentile_cont(0.95) WITHIN GROUP (ORDER BY
        CASE WHEN jsonb_typeof(metadata -> 'response_time_ms') = 'number'
        THEN (metadata ->> 'response_time_ms')::double precision END) AS p95_response_time_ms,
    percentile_cont(0.99) WITHIN GROUP (ORDER BY
        CASE WHEN jsonb_typeof(metadata -> 'response_time_ms') = 'number'
        THEN (metadata ->> 'response_time_ms')::double precision END) AS p99_response_time_ms
FROM audit_logs
WHERE emr_system IS NOT NULL AND action IN ('EMR_VERIFY', 'EPIC_VERIFY', 'CERNER_VERIFY', 'EMR_VERIFY_FAILED')
GROUP BY time_bucket('1 hour', created_at), emr_system
WITH NO DATA;

COMMENT ON VIEW audit_logs_hourly IS 'Events by hour (UTC), entity and action; the newest hours are computed live';
COMMENT ON VIEW audit_logs_daily IS 'EMR events only, by day (UTC), entity, action and EMR; refreshed at midnight UTC';
COMMENT ON VIEW emr_verification_metrics IS
    'Verifications by hour (UTC) and EMR with response times; the newest hours are computed live';

SELECT add_continuous_aggregate_policy('audit_logs_hourly', start_offset => interval '3 days',
    end_offset => interval '1 hour', schedule_interval => interval '1 hour');
SELECT add_continuous_aggregate_policy('audit_logs_daily', start_offset => interval '1 month',
    end_offset => interval '1 day', schedule_interval => interval '1 day',
    initial_start => date_trunc('day', now(), 'UTC') + interval '24 hours', timezone => 'UTC');
SELECT add_continuous_aggregate_policy('emr_verification_metrics', start_offset => interval '3 days',
    end_offset => interval '30 minutes', schedule_interval => interval '30 minutes');

-- Whoever may read 002's reports may read these: they are new each time, so there is nothing to carry their rights over.
DO $$
DECLARE
    statement text;
BEGIN
    FOR statement IN
        SELECT format('GRANT SELECT ON %I TO %s%s', v.name,
                      CASE x.grantee WHEN 0 THEN 'PUBLIC' ELSE x.grantee::regrole::text END,
                      CASE WHEN x.is_grantable THEN ' WITH GRANT OPTION' END)
        FROM pg_class AS c
        CROSS JOIN aclexplode(c.relacl) AS x
        CROSS JOIN unnest(ARRAY['audit_logs_hourly', 'audit_logs_daily', 'emr_verification_metrics']) AS v (name)
        WHERE c.oid = 'compliance_audit_summary'::regclass AND x.grantee <> c.relowner AND x.privilege_type = 'SELECT'
    LOOP
        EXECUTE statement;
    END LOOP;
END
$$;

CREATE FUNCTION get_recent_audit_logs(
    p_hours integer DEFAULT 24, p_entity_type text DEFAULT NULL, p_user_id uuid DEFAULT NULL
) RETURNS TABLE (
    id uuid, user_id uuid, action text, entity_type text, entity_id uuid, created_at timestamptz, changes jsonb
)
LANGUAGE plpgsql STABLE
AS $$
BEGIN
    IF p_hours IS NULL OR p_hours NOT BETWEEN 1 AND 87660 THEN
        RAISE EXCEPTION 'p_hours must be between 1 and 87660 (ten years), not %', coalesce(p_hours::text, 'NULL')
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    RETURN QUERY
    SELECT a.id, a.user_id, a.action, a.entity_type, a.entity_id, a.created_at, a.changes
    FROM audit_logs AS a
    WHERE a.created_at > now() - make_interval(hours => p_hours)
      AND (p_entity_type IS NULL OR a.entity_type = p_entity_type)
      AND (p_user_id IS NULL OR a.user_id = p_user_id)
    ORDER BY a.created_at DESC;
END
$$;

COMMENT ON FUNCTION get_recent_audit_logs(integer, text, uuid) IS
    'Audit rows of the last hours, newest first, of one entity type or user where given';

-- approximate_row_count reads the planner's statistics: counting compressed rows would decompress seven years.
CREATE FUNCTION check_audit_retention_status() RETURNS TABLE (
    oldest_chunk timestamptz, newest_chunk timestamptz, total_chunks integer, compressed_chunks integer,
    total_rows bigint, estimated_size text
)
LANGUAGE sql STABLE
AS $$
    SELECT
        min(c.range_start),
        max(c.range_end),
        count(*)::integer,
        count(*) FILTER (WHERE c.is_compressed)::integer,
        approximate_row_count('audit_logs'),
        pg_size_pretty(coalesce(hypertable_size('audit_logs'), 0))
    FROM timescaledb_information.chunks AS c
    WHERE (c.hypertable_schema, c.hypertable_name) = ('public', 'audit_logs')
$$;

COMMENT ON FUNCTION check_audit_retention_status() IS 'Chunks of audit_logs, compressed ones too; rows are approximate';

-- The planner knows nothing of new chunks.
ANALYZE audit_logs, audit_log_details;
