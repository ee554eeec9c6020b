-- 002 holds: the audit tables with their keys and indexes, append-only for everybody, and the two reports.
WITH wanted_columns (tab, columns) AS (VALUES
    ('audit_logs',
     'id uuid not null, action text not null, entity_type text not null, entity_id uuid not null, '
     'user_id uuid not null, changes jsonb not null, created_at timestamptz not null, ip_address text, '
     'user_agent text, session_id uuid, emr_system text, emr_patient_id text, emr_context jsonb, '
     'request_id uuid not null, metadata jsonb'),
    ('audit_log_details',
     'id uuid not null, audit_log_id uuid not null, audit_log_created_at timestamptz not null, '
     'previous_state jsonb, new_state jsonb, validation_results jsonb, performance_metrics jsonb[], '
     'created_at timestamptz not null')
), wanted_constraints (tab, con, def) AS (VALUES
    ('audit_logs', 'audit_logs_pkey', 'PRIMARY KEY (id, created_at)'),
    ('audit_logs', 'audit_logs_action_check', 'CHECK ((action = ANY (ARRAY[''INSERT''::text, ''UPDATE''::text, '
     '''DELETE''::text, ''LOGIN''::text, ''LOGOUT''::text, ''EMR_VERIFY''::text, ''EPIC_VERIFY''::text, '
     '''CERNER_VERIFY''::text, ''VIEW''::text, ''SEARCH''::text, ''REVEAL''::text, ''EXPORT''::text, '
     '''BREAK_GLASS''::text, ''LOGIN_FAILED''::text, ''ACCESS_DENIED''::text, ''EMR_VERIFY_FAILED''::text, '
     '''CONFIG_CHANGE''::text, ''TEST''::text])))'),
    ('audit_logs', 'audit_logs_created_at_check', 'CHECK (isfinite(created_at))'),
    ('audit_logs', 'audit_logs_emr_system_check', 'CHECK ((emr_system = ANY (ARRAY[''EPIC''::text, '
     '''CERNER''::text, ''GENERIC_FHIR''::text])))'),
    ('audit_log_details', 'audit_log_details_pkey', 'PRIMARY KEY (id, created_at)'),
    ('audit_log_details', 'audit_log_details_created_at_check', 'CHECK (isfinite(created_at))')
), wanted_indexes (idx, def) AS (VALUES
    ('audit_logs_entity_type_index', 'btree (entity_type)'),
    ('audit_logs_entity_id_index', 'btree (entity_id)'),
    ('audit_logs_user_id_index', 'btree (user_id)'),
    ('audit_logs_emr_patient_id_index', 'btree (emr_patient_id)'),
    ('audit_logs_entity_type_entity_id_index', 'btree (entity_type, entity_id)'),
    ('audit_logs_emr_system_emr_patient_id_index', 'btree (emr_system, emr_patient_id)'),
    ('idx_audit_logs_created_at_brin', 'brin (created_at)'),
    ('audit_log_details_audit_log_id_index', 'btree (audit_log_id)'),
    ('idx_audit_log_details_created_at_brin', 'brin (created_at)'),
    ('idx_emr_verification_report', 'btree (emr_system, time_bucket)'),
    ('idx_compliance_audit_summary', 'btree (audit_date, entity_type, action)')
), wanted_triggers (tab, trg, def) AS (VALUES
    ('audit_logs', 'trg_audit_logs_append_only',
     'BEFORE DELETE OR UPDATE FOR EACH ROW EXECUTE FUNCTION prevent_audit_modification()'),
    ('audit_logs', 'trg_audit_logs_no_truncate',
     'BEFORE TRUNCATE FOR EACH STATEMENT EXECUTE FUNCTION prevent_audit_modification()'),
    ('audit_log_details', 'trg_audit_log_details_append_only',
     'BEFORE DELETE OR UPDATE FOR EACH ROW EXECUTE FUNCTION prevent_audit_modification()'),
    ('audit_log_details', 'trg_audit_log_details_no_truncate',
     'BEFORE TRUNCATE FOR EACH STATEMENT EXECUTE FUNCTION prevent_audit_modification()')
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
SELECT 'constraint ' || w.con, coalesce(pg_get_constraintdef(k.oid) = w.def AND k.convalidated, false),
       w.def, pg_get_constraintdef(k.oid) || CASE WHEN k.convalidated THEN '' ELSE ' NOT VALID' END
FROM wanted_constraints AS w LEFT JOIN pg_constraint AS k
    ON k.conrelid = to_regclass(w.tab) AND k.conname = w.con
UNION ALL
SELECT 'index ' || w.idx, coalesce(f.def = w.def AND i.indisvalid, false),
       w.def, f.def || CASE WHEN i.indisvalid THEN '' ELSE ' INVALID' END
FROM wanted_indexes AS w LEFT JOIN pg_index AS i ON i.indexrelid = to_regclass(w.idx)
CROSS JOIN LATERAL (SELECT regexp_replace(pg_get_indexdef(i.indexrelid), '^.* USING ', '') AS def) AS f
UNION ALL
SELECT 'trigger ' || w.trg, coalesce(f.def = w.def AND t.tgenabled IN ('O', 'A'), false),
       w.def, f.def || CASE WHEN t.tgenabled IN ('O', 'A') THEN '' ELSE ' (not enabled)' END
FROM wanted_triggers AS w LEFT JOIN pg_trigger AS t ON t.tgrelid = to_regclass(w.tab) AND t.tgname = w.trg
CROSS JOIN LATERAL (
    SELECT regexp_replace(pg_get_triggerdef(t.oid), '^CREATE TRIGGER \S+ (.*) ON \S+ (FOR EACH .*)$', '\1 \2') AS def
) AS f
UNION ALL
SELECT 'function ' || w.function, coalesce(p.prosecdef = w.definer, false), NULL, NULL
FROM (VALUES ('prevent_audit_modification()', false), ('audit_trigger_func()', true),
             ('audit_make_ready(regclass,regclass)', false), ('audit_carry_over(regclass,regclass)', false),
             ('audit_describe_indexes()', false)) AS w (function, definer)
LEFT JOIN pg_proc AS p ON p.oid = to_regprocedure(w.function)
UNION ALL
SELECT 'only the owner has more than SELECT and INSERT on ' || w.tab,
       coalesce(string_agg(x.privilege_type, '') = '', true),
       'nobody else', string_agg(DISTINCT x.privilege_type || ' by ' || CASE x.grantee WHEN 0 THEN 'PUBLIC'
           ELSE x.grantee::regrole::text END, ', ')
FROM (VALUES ('audit_logs'), ('audit_log_details')) AS w (tab)
JOIN pg_class AS c ON c.oid = to_regclass(w.tab)
LEFT JOIN LATERAL (
    SELECT a.grantee, a.privilege_type FROM aclexplode(c.relacl) AS a
    UNION ALL
    SELECT a.grantee, a.privilege_type
    FROM pg_attribute AS col CROSS JOIN aclexplode(col.attacl) AS a WHERE col.attrelid = c.oid AND NOT col.attisdropped
) AS x ON x.grantee <> c.relowner AND x.privilege_type NOT IN ('SELECT', 'INSERT')
GROUP BY w.tab;
