-- 005 without TimescaleDB: both audit tables become weekly partitions, and the three statistics materialized views.
-- Why: retention by dropping partitions, and searches that read the weeks they need, must not depend on an extension.
-- Weeks begin on Thursday 00:00 UTC as TimescaleDB's do. The tables are replaced under an exclusive lock and counted on
-- both sides (audit_carry_over); indexes come last, because that is faster and the old ones' names are free by then.
-- emr: statement_timeout = 2h
-- A week of both tables takes a sixtieth of a second to make however few rows it has, measured on 18 with seven years.
-- emr: stall = SELECT 0.016 * (9 + extract(epoch FROM now() - coalesce(min(created_at), now())) / 604800) FROM audit_logs WHERE created_at BETWEEN now() - interval '7 years' AND now()

-- Whoever does not see every row would lose the others: rather an error.
SET LOCAL row_security = off;

LOCK TABLE audit_logs, audit_log_details IN ACCESS EXCLUSIVE MODE;

SELECT FROM audit_logs, audit_log_details LIMIT 0; -- so that the error calls them by their names

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

-- Every partition that a transaction makes or drops stays locked to its end, with its indexes and constraints. Measured
-- on 18 for one week of both tables: 27 locks to make it, 51 to drop it.
CREATE FUNCTION audit_assert_lock_room(p_locks bigint) RETURNS void
LANGUAGE plpgsql STABLE
AS $$
DECLARE
    slots CONSTANT bigint := current_setting('max_connections')::bigint
        + current_setting('max_prepared_transactions')::bigint;
    room CONSTANT bigint := current_setting('max_locks_per_transaction')::bigint * slots;
BEGIN
    IF p_locks > room THEN
        RAISE EXCEPTION 'this needs about % locks at once, and the server has room for %', p_locks, room
            USING ERRCODE = 'EM003',
                  HINT = format('Set max_locks_per_transaction to %s or more and restart the server.',
                                (p_locks + slots - 1) / slots);
    END IF;
END
$$;

COMMENT ON FUNCTION audit_assert_lock_room(bigint) IS
    'Refuses (EM003), with the setting to raise, what would overflow the server''s lock table halfway';

ALTER TABLE audit_logs RENAME TO audit_logs_old;
ALTER TABLE audit_log_details RENAME TO audit_log_details_old;

-- Columns, defaults, CHECK and NOT NULL constraints with their names, and column comments; indexes follow below.
CREATE TABLE audit_logs (LIKE audit_logs_old INCLUDING ALL EXCLUDING INDEXES EXCLUDING STATISTICS)
    PARTITION BY RANGE (created_at);
CREATE TABLE audit_log_details (LIKE audit_log_details_old INCLUDING ALL EXCLUDING INDEXES EXCLUDING STATISTICS)
    PARTITION BY RANGE (created_at);

SELECT audit_make_ready('audit_logs_old', 'audit_logs');
SELECT audit_make_ready('audit_log_details_old', 'audit_log_details');

-- A partition takes storage options and replica identity from DEFAULT, owner and statistics targets from its table. It
-- needs a TRUNCATE trigger of its own, since statement triggers are not inherited. Nobody but the owner has rights on
-- it; everybody else goes through the table.
CREATE FUNCTION audit_make_partition(p_table text, p_week timestamptz) RETURNS void
LANGUAGE plpgsql SET search_path = public, pg_temp SET timezone = 'UTC'
AS $$
DECLARE
    partition CONSTANT text := p_table || coalesce(to_char(p_week, '"_p"YYYYMMDD'), '_default');
    statement text;
BEGIN
    EXECUTE format('CREATE TABLE %I PARTITION OF %I %s', partition, p_table, CASE
        WHEN p_week IS NULL THEN 'DEFAULT'
        ELSE format('FOR VALUES FROM (%L) TO (%L)', p_week, p_week + interval '168 hours')
    END);
    FOR statement IN
        SELECT format('CREATE TRIGGER %I BEFORE TRUNCATE ON %I FOR EACH STATEMENT '
                      'EXECUTE FUNCTION prevent_audit_modification()', 'trg_' || p_table || '_no_truncate', partition)
        UNION ALL
        SELECT format('ALTER TABLE %I SET (%s = %L)', partition, o.option_name, o.option_value)
        FROM pg_class AS c CROSS JOIN pg_options_to_table(c.reloptions) AS o
        WHERE c.oid = to_regclass(p_table || '_default')
        UNION ALL
        SELECT format('ALTER TABLE %I REPLICA IDENTITY %s', partition,
                      CASE relreplident WHEN 'f' THEN 'FULL' ELSE 'NOTHING' END)
        FROM pg_class WHERE oid = to_regclass(p_table || '_default') AND relreplident IN ('f', 'n')
        UNION ALL
        SELECT format('ALTER TABLE %I ALTER COLUMN %I SET STATISTICS %s', partition, attname, attstattarget)
        FROM pg_attribute WHERE attrelid = p_table::regclass AND attstattarget >= 0 AND attnum > 0 AND NOT attisdropped
        UNION ALL
        SELECT format('REVOKE ALL ON %I FROM %s', partition,
                      CASE x.grantee WHEN 0 THEN 'PUBLIC' ELSE x.grantee::regrole::text END)
        FROM pg_class AS c CROSS JOIN aclexplode(c.relacl) AS x
        WHERE c.oid = partition::regclass AND x.grantee <> c.relowner
        UNION ALL
        SELECT format('ALTER TABLE %I OWNER TO %s', partition, c.relowner::regrole)
        FROM pg_class AS c WHERE c.oid = p_table::regclass
    LOOP
        EXECUTE statement;
    END LOOP;
END
$$;

COMMENT ON FUNCTION audit_make_partition(text, timestamptz) IS 'For audit_ensure_partitions; no week means DEFAULT';

-- Rows that had no partition wait in DEFAULT, and while they do, their week cannot be made: DEFAULT is taken off, which
-- leaves it without the trigger that keeps its rows, they go to their weeks, and it is put back.
-- Not those that retention would drop with their week, since they were written later than they say, nor those of a week
-- that is over a year away: they stay until somebody who has looked at them asks for their week.
-- Without p_move no row is touched and nobody waits: a week for which a row waits is left out, and the others are there
-- in time, however many rows wait and whatever keeps them from being moved.
CREATE FUNCTION audit_ensure_partitions(
    p_from timestamptz, p_to timestamptz, p_move boolean DEFAULT true
) RETURNS integer
LANGUAGE plpgsql SET search_path = public, pg_temp SET row_security = off
AS $$
DECLARE
    epoch CONSTANT timestamptz := '1970-01-01 00:00:00+00';
    week CONSTANT interval := '168 hours';
    asked tstzrange;
    reach tstzmultirange;
    target text;
    spare text;
    strays bigint;
    nameless boolean;
    moved bigint;
    weeks timestamptz[];
    columns text;
    looks boolean;
    made integer := 0;
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'only a read committed transaction sees the rows that were written until the lock was had'
            USING ERRCODE = 'EM001';
    END IF;
    IF (p_from >= '1000-01-01' AND p_from <= p_to AND p_to < '9999-01-01') IS NOT TRUE THEN
        RAISE EXCEPTION 'weeks cannot be made from % to %', p_from, p_to USING ERRCODE = 'invalid_parameter_value';
    END IF;
    asked := tstzrange(date_bin(week, p_from, epoch), date_bin(week, p_to - interval '1 microsecond', epoch) + week);
    reach := tstzmultirange(asked, tstzrange(date_bin(week, now() - interval '7 years', epoch),
                                             date_bin(week, now() + interval '1 year', epoch)));
    FOREACH target IN ARRAY ARRAY['audit_logs', 'audit_log_details'] LOOP
        spare := target || '_default';
        IF to_regclass(spare) IS NULL THEN
            PERFORM audit_make_partition(target, NULL);
        END IF;
        EXECUTE format('SELECT count(*) FROM (SELECT FROM %I WHERE created_at <@ $1 AND $2 LIMIT 1) AS stray', spare)
        INTO strays USING reach, p_move;
        IF strays > 0 THEN
            EXECUTE format('LOCK TABLE %I IN ACCESS EXCLUSIVE MODE', target);
            EXECUTE format('SELECT count(*) FROM %I WHERE created_at <@ $1', spare) INTO strays USING reach;
            EXECUTE format('ALTER TABLE %I DETACH PARTITION %I', target, spare);
        END IF;
        EXECUTE format(
            'SELECT array_agg(w ORDER BY w) FROM ('
            'SELECT generate_series(lower($4), upper($4) - $1, $1) %s '
            'SELECT date_bin($1, created_at, $2) FROM %I WHERE created_at <@ $3) AS wanted (w) '
            'WHERE to_regclass(%L || to_char(w AT TIME ZONE ''UTC'', ''"_p"YYYYMMDD'')) IS NULL',
            CASE WHEN p_move THEN 'UNION' ELSE 'EXCEPT' END, spare, target)
        INTO weeks USING week, epoch, reach, asked;
        PERFORM audit_assert_lock_room(500 + 28 * cardinality(weeks));
        looks := strays = 0 AND cardinality(weeks) > 1;
        IF looks THEN -- through DEFAULT once, instead of for every week, while everybody waits
            EXECUTE format('LOCK TABLE %I IN ACCESS EXCLUSIVE MODE', target);
            EXECUTE format('ALTER TABLE %I ADD CONSTRAINT no_row_waits CHECK (%s)', spare, (
                SELECT string_agg(format('(created_at < %L OR created_at >= %L)', w, w + week), ' AND ')
                FROM unnest(weeks) AS w));
        END IF;
        PERFORM audit_make_partition(target, w) FROM unnest(weeks) AS w;
        IF looks THEN
            EXECUTE format('ALTER TABLE %I DROP CONSTRAINT no_row_waits', spare);
        END IF;
        made := made + coalesce(cardinality(weeks), 0);
        CONTINUE WHEN strays = 0;

        SELECT relreplident = 'n' INTO nameless FROM pg_class WHERE oid = spare::regclass;
        IF nameless THEN -- where all tables are published, nothing could be deleted from it
            EXECUTE format('ALTER TABLE %I REPLICA IDENTITY FULL', spare);
        END IF;
        SELECT string_agg(quote_ident(attname), ', ') INTO columns FROM pg_attribute
        WHERE attrelid = target::regclass AND attnum > 0 AND attgenerated = '' AND NOT attisdropped;
        EXECUTE format('WITH moving AS (DELETE FROM %1$I WHERE created_at <@ $1 RETURNING %3$s) INSERT INTO %2$I (%3$s) '
                       'OVERRIDING SYSTEM VALUE SELECT * FROM moving', spare, target, columns) USING reach;
        GET DIAGNOSTICS moved = ROW_COUNT;
        IF moved <> strays THEN
            RAISE EXCEPTION '% of % rows of % found their week', moved, strays, spare USING ERRCODE = 'EM001';
        END IF;
        IF nameless THEN
            EXECUTE format('ALTER TABLE %I REPLICA IDENTITY NOTHING', spare);
        END IF;
        EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I DEFAULT', target, spare);
        EXECUTE format('ANALYZE %I', spare); -- its rows are watched by their estimate
    END LOOP;
    RETURN made;
END
$$;

COMMENT ON FUNCTION audit_ensure_partitions(timestamptz, timestamptz, boolean) IS
    'Makes the missing weeks of both audit tables between two times and moves rows out of DEFAULT, but none that is '
    'dated over seven years ago or over a year ahead and not between the two; or, without moving, only weeks for which '
    'no row waits there; returns how many weeks it made';

-- Only weeks that have rows, so that one row of 1970 makes none, and eight ahead. Room is asked for the way back, too.
DO $$
DECLARE
    week CONSTANT interval := '168 hours';
    epoch CONSTANT timestamptz := '1970-01-01 00:00:00+00';
    weeks timestamptz[];
BEGIN
    SELECT array_agg(w) INTO weeks FROM (
        SELECT date_bin(week, created_at, epoch) FROM (
            SELECT created_at FROM audit_logs_old UNION ALL SELECT created_at FROM audit_log_details_old
        ) AS every_row
        WHERE created_at >= date_bin(week, now() - interval '7 years', epoch)
          AND created_at < date_bin(week, now() + interval '1 year', epoch)
        UNION
        SELECT generate_series(date_bin(week, now(), epoch), now() + interval '8 weeks', week)
    ) AS wanted (w);
    PERFORM audit_assert_lock_room(500 + 52 * (1 + cardinality(weeks)));
    PERFORM audit_ensure_partitions(w, w + week) FROM unnest(weeks) AS w;
END
$$;

INSERT INTO audit_logs OVERRIDING SYSTEM VALUE SELECT * FROM audit_logs_old;
INSERT INTO audit_log_details OVERRIDING SYSTEM VALUE SELECT * FROM audit_log_details_old;

DO $$
DECLARE
    far bigint;
BEGIN
    SELECT count(*) INTO far FROM (
        SELECT FROM audit_logs_default UNION ALL SELECT FROM audit_log_details_default
    ) AS every_row;
    IF far > 0 THEN
        RAISE WARNING '% in DEFAULT, dated over seven years ago or over a year ahead: emr-console maintain says what to do',
            CASE far WHEN 1 THEN '1 row stays' ELSE far || ' rows stay' END
            USING ERRCODE = 'EM002';
    END IF;
END
$$;

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
CREATE INDEX idx_audit_logs_user_time ON audit_logs (user_id, created_at DESC);
CREATE INDEX idx_audit_logs_entity_time ON audit_logs (entity_type, entity_id, created_at DESC);
CREATE INDEX idx_audit_logs_emr_patient ON audit_logs (emr_system, emr_patient_id, created_at DESC)
    WHERE emr_patient_id IS NOT NULL;
CREATE INDEX idx_audit_logs_action_time ON audit_logs (action, created_at DESC);
ALTER TABLE audit_log_details ADD CONSTRAINT audit_log_details_pkey PRIMARY KEY (id, created_at);
CREATE INDEX audit_log_details_audit_log_id_index ON audit_log_details (audit_log_id);
CREATE INDEX idx_audit_log_details_created_at_brin ON audit_log_details USING brin (created_at);
CREATE UNIQUE INDEX idx_emr_verification_report ON emr_verification_report (emr_system, time_bucket);
CREATE UNIQUE INDEX idx_compliance_audit_summary ON compliance_audit_summary (audit_date, entity_type, action);
SELECT audit_describe_indexes();

CREATE MATERIALIZED VIEW audit_logs_hourly AS
SELECT
    date_trunc('hour', created_at, 'UTC') AS hour,
    entity_type,
    action,
    count(*) AS event_count,
    count(DISTINCT user_id) AS unique_users,
    count(DISTINCT entity_id) AS unique_entities
FROM audit_logs
GROUP BY date_trunc('hour', created_at, 'UTC'), entity_type, action;

CREATE MATERIALIZED VIEW audit_logs_daily AS
SELECT
    date_trunc('day', created_at, 'UTC') AS day,
    entity_type,
    action,
    emr_system,
    count(*) AS event_count,
    count(DISTINCT user_id) AS unique_users,
    count(DISTINCT entity_id) AS unique_entities,
    count(DISTINCT emr_patient_id) AS unique_patients
FROM audit_logs
WHERE emr_system IS NOT NULL
GROUP BY date_trunc('day', created_at, 'UTC'), entity_type, action, emr_system;

-- A response time that is no number counts as none: one bad row must not stop the statistics.
CREATE MATERIALIZED VIEW emr_verification_metrics AS
SELECT
    date_trunc('hour', created_at, 'UTC') AS hour,
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
GROUP BY date_trunc('hour', created_at, 'UTC'), emr_system;

CREATE UNIQUE INDEX idx_audit_logs_hourly ON audit_logs_hourly (hour, entity_type, action);
CREATE UNIQUE INDEX idx_audit_logs_daily ON audit_logs_daily (day, entity_type, action, emr_system);
CREATE UNIQUE INDEX idx_emr_verification_metrics ON emr_verification_metrics (hour, emr_system);
COMMENT ON MATERIALIZED VIEW audit_logs_hourly IS 'Events by hour (UTC), entity and action, as of the last refresh';
COMMENT ON MATERIALIZED VIEW audit_logs_daily IS 'EMR events only, by day (UTC) and EMR, as of the last refresh';
COMMENT ON MATERIALIZED VIEW emr_verification_metrics IS 'Verifications by hour (UTC) and EMR, as of the last refresh';

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

CREATE FUNCTION check_audit_retention_status() RETURNS TABLE (
    oldest_chunk timestamptz, newest_chunk timestamptz, total_chunks integer, compressed_chunks integer,
    total_rows bigint, estimated_size text
)
LANGUAGE sql STABLE
AS $$
    SELECT
        min(substring(b.bounds FROM $re$FROM \('([^']+)'\)$re$)::timestamptz),
        max(substring(b.bounds FROM $re$TO \('([^']+)'\)$re$)::timestamptz),
        count(*) FILTER (WHERE b.bounds <> 'DEFAULT')::integer,
        0,
        coalesce(sum(greatest(b.reltuples, 0)), 0)::bigint,
        pg_size_pretty(coalesce(sum(pg_total_relation_size(b.oid)), 0))
    FROM (
        SELECT c.oid, c.reltuples, pg_get_expr(c.relpartbound, c.oid) AS bounds
        FROM pg_inherits AS i JOIN pg_class AS c ON c.oid = i.inhrelid
        WHERE i.inhparent = 'audit_logs'::regclass
    ) AS b
$$;

COMMENT ON FUNCTION check_audit_retention_status() IS 'Weekly partitions of audit_logs; rows as of the last ANALYZE';

-- The planner knows nothing of new tables, and nobody else ever analyzes a partitioned one.
ANALYZE audit_logs, audit_log_details;
