-- 004 holds: patients and the handover tables, tasks that can name their patient, and patients guarded by department.
-- Of tasks.patient_uuid only the type is asked, because 007 makes it NOT NULL.
WITH wanted_columns (tab, columns) AS (VALUES
    ('patients',
     'id uuid not null, mrn varchar(50) not null, first_name text not null, last_name text not null, '
     'date_of_birth date not null, gender varchar(20), emr_system emr_system not null, '
     'emr_patient_id varchar(100) not null, emr_metadata jsonb, phone text, email text, '
     'created_at timestamptz not null, updated_at timestamptz not null, deleted_at timestamptz'),
    ('handover_items',
     'id uuid not null, handover_id uuid not null, task_id uuid, patient_mrn varchar(50) not null, '
     'patient_name varchar(255) not null, priority task_priority not null, status task_status not null, '
     'description text not null, notes text, action_required boolean, is_acknowledged boolean, '
     'acknowledged_at timestamptz, metadata jsonb, sort_order integer, created_at timestamptz not null, '
     'updated_at timestamptz not null'),
    ('handover_templates',
     'id uuid not null, name varchar(255) not null, description text, department_id uuid, '
     'template_data jsonb not null, is_active boolean, created_at timestamptz not null, '
     'updated_at timestamptz not null')
), wanted_constraints (tab, con, def) AS (VALUES
    ('patients', 'patients_pkey', 'PRIMARY KEY (id)'),
    ('patients', 'patients_mrn_unique', 'UNIQUE (mrn)'),
    ('patients', 'uq_patients_emr_system_patient_id', 'UNIQUE (emr_system, emr_patient_id)'),
    ('handover_items', 'handover_items_pkey', 'PRIMARY KEY (id)'),
    ('handover_items', 'handover_items_handover_id_foreign',
     'FOREIGN KEY (handover_id) REFERENCES handovers(id) ON DELETE CASCADE'),
    ('handover_templates', 'handover_templates_pkey', 'PRIMARY KEY (id)')
), wanted_indexes (idx, def) AS (VALUES
    ('idx_patients_mrn', 'btree (mrn)'),
    ('idx_patients_emr_lookup', 'btree (emr_system, emr_patient_id)'),
    ('idx_patients_dob', 'btree (date_of_birth)'),
    ('idx_patients_name', 'btree (last_name, first_name)'),
    ('idx_handover_items_handover_id', 'btree (handover_id)'),
    ('idx_handover_items_task_id', 'btree (task_id)'),
    ('idx_handover_items_patient_mrn', 'btree (patient_mrn)'),
    ('idx_handover_items_priority_status', 'btree (priority, status)'),
    ('idx_handover_items_action_required', 'btree (action_required)'),
    ('idx_handover_templates_department_id', 'btree (department_id)'),
    ('idx_handover_templates_is_active', 'btree (is_active)'),
    ('idx_tasks_patient_uuid', 'btree (patient_uuid)'),
    ('idx_shifts_department_id', 'btree (department_id)'),
    ('idx_shifts_supervisor_id', 'btree (supervisor_id)'),
    ('idx_shifts_start_time_end_time', 'btree (start_time, end_time)'),
    ('idx_emr_verifications_task_id', 'btree (task_id)'),
    ('idx_emr_verifications_verified_by', 'btree (verified_by)'),
    ('idx_emr_verifications_status', 'btree (status)'),
    ('idx_handovers_from_shift_id', 'btree (from_shift_id)'),
    ('idx_handovers_to_shift_id', 'btree (to_shift_id)'),
    ('idx_handovers_is_completed', 'btree (is_completed)')
), wanted_triggers (tab, trg, def) AS (VALUES
    ('patients', 'trg_patients_audit',
     'AFTER INSERT OR DELETE OR UPDATE FOR EACH ROW EXECUTE FUNCTION audit_trigger_func()')
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
SELECT 'column tasks.patient_uuid', coalesce(bool_or(a.atttypid = 'uuid'::regtype), false), 'uuid',
       string_agg(format_type(a.atttypid, a.atttypmod), '')
FROM pg_attribute AS a
WHERE a.attrelid = to_regclass('tasks') AND a.attname = 'patient_uuid' AND NOT a.attisdropped
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
SELECT 'function patient_is_unassigned(uuid)', coalesce(bool_or(p.prosecdef), false), 'SECURITY DEFINER', NULL
FROM pg_proc AS p WHERE p.oid = to_regprocedure('patient_is_unassigned(uuid)')
UNION ALL
SELECT 'row-level security of patients', coalesce(bool_or(c.relrowsecurity), false), NULL, NULL
FROM pg_class AS c WHERE c.oid = to_regclass('patients')
UNION ALL
SELECT 'policy ' || w.policy, coalesce(p.cmd = w.cmd, false), w.cmd, p.cmd
FROM (VALUES ('patient_access_policy', 'SELECT'), ('patient_insert_policy', 'INSERT'),
             ('patient_update_policy', 'UPDATE')) AS w (policy, cmd)
LEFT JOIN pg_policies AS p
    ON p.schemaname = 'public' AND p.tablename = 'patients' AND p.policyname = w.policy
UNION ALL
SELECT 'view tasks_with_patients obeys row-level security',
       coalesce(bool_or(c.reloptions @> '{security_invoker=true}'
                        OR current_setting('server_version_num')::integer < 150000), false),
       'security_invoker=true from 15 on', string_agg(c.reloptions::text, '')
FROM pg_class AS c WHERE c.oid = to_regclass('tasks_with_patients');
