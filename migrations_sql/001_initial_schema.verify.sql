-- 001 holds: six tables with their keys and indexes, five enums, and tasks guarded by department. Without
-- tasks.patient_id and its index, because 007 drops them.
WITH wanted_columns (tab, columns) AS (VALUES
    ('departments',
     'id uuid not null, name varchar(255) not null, code varchar(255) not null, description text, '
     'created_at timestamptz not null, updated_at timestamptz not null'),
    ('users',
     'id uuid not null, username varchar(255) not null, email varchar(255) not null, role user_role not null, '
     'department_id uuid, password_hash varchar(255) not null, mfa_secret varchar(255), '
     'is_active boolean not null, last_login timestamptz, preferences jsonb, created_at timestamptz not null, '
     'updated_at timestamptz not null, deleted_at timestamptz'),
    ('shifts',
     'id uuid not null, department_id uuid not null, start_time timestamptz not null, '
     'end_time timestamptz not null, supervisor_id uuid not null, is_active boolean not null, '
     'created_at timestamptz not null, updated_at timestamptz not null'),
    ('tasks',
     'id uuid not null, title varchar(255) not null, description text, status task_status not null, '
     'priority task_priority not null, assigned_to uuid, created_by uuid not null, '
     'department_id uuid not null, shift_id uuid, due_date timestamptz, emr_system emr_system not null, '
     'emr_data jsonb not null, vector_clock bigint not null, version integer not null, '
     'requires_verification boolean not null, created_at timestamptz not null, '
     'updated_at timestamptz not null, deleted_at timestamptz'),
    ('emr_verifications',
     'id uuid not null, task_id uuid not null, verified_by uuid not null, '
     'status verification_status not null, barcode_data varchar(255), verification_metadata jsonb not null, '
     'failure_reason text, verified_at timestamptz not null, created_at timestamptz not null, '
     'updated_at timestamptz not null'),
    ('handovers',
     'id uuid not null, from_shift_id uuid not null, to_shift_id uuid not null, initiated_by uuid not null, '
     'accepted_by uuid, task_summary jsonb not null, critical_events jsonb not null, '
     'is_completed boolean not null, completed_at timestamptz, created_at timestamptz not null, '
     'updated_at timestamptz not null')
), wanted_constraints (tab, con, def) AS (VALUES
    ('departments', 'departments_pkey', 'PRIMARY KEY (id)'),
    ('departments', 'departments_code_unique', 'UNIQUE (code)'),
    ('users', 'users_pkey', 'PRIMARY KEY (id)'),
    ('users', 'users_email_unique', 'UNIQUE (email)'),
    ('users', 'users_username_unique', 'UNIQUE (username)'),
    ('users', 'users_department_id_foreign',
     'FOREIGN KEY (department_id) REFERENCES departments(id) ON DELETE SET NULL'),
    ('shifts', 'shifts_pkey', 'PRIMARY KEY (id)'),
    ('shifts', 'shifts_department_id_foreign', 'FOREIGN KEY (department_id) REFERENCES departments(id)'),
    ('shifts', 'shifts_supervisor_id_foreign', 'FOREIGN KEY (supervisor_id) REFERENCES users(id)'),
    ('tasks', 'tasks_pkey', 'PRIMARY KEY (id)'),
    ('tasks', 'tasks_assigned_to_foreign', 'FOREIGN KEY (assigned_to) REFERENCES users(id)'),
    ('tasks', 'tasks_created_by_foreign', 'FOREIGN KEY (created_by) REFERENCES users(id)'),
    ('tasks', 'tasks_department_id_foreign', 'FOREIGN KEY (department_id) REFERENCES departments(id)'),
    ('tasks', 'tasks_shift_id_foreign', 'FOREIGN KEY (shift_id) REFERENCES shifts(id)'),
    ('emr_verifications', 'emr_verifications_pkey', 'PRIMARY KEY (id)'),
    ('emr_verifications', 'emr_verifications_task_id_foreign', 'FOREIGN KEY (task_id) REFERENCES tasks(id)'),
    ('emr_verifications', 'emr_verifications_verified_by_foreign', 'FOREIGN KEY (verified_by) REFERENCES users(id)'),
    ('handovers', 'handovers_pkey', 'PRIMARY KEY (id)'),
    ('handovers', 'handovers_accepted_by_foreign', 'FOREIGN KEY (accepted_by) REFERENCES users(id)'),
    ('handovers', 'handovers_from_shift_id_foreign', 'FOREIGN KEY (from_shift_id) REFERENCES shifts(id)'),
    ('handovers', 'handovers_initiated_by_foreign', 'FOREIGN KEY (initiated_by) REFERENCES users(id)'),
    ('handovers', 'handovers_to_shift_id_foreign', 'FOREIGN KEY (to_shift_id) REFERENCES shifts(id)')
), wanted_indexes (idx, def) AS (VALUES
    ('tasks_department_id_status_due_date_index', 'btree (department_id, status, due_date)'),
    ('tasks_assigned_to_status_index', 'btree (assigned_to, status)'),
    ('tasks_vector_clock_index', 'btree (vector_clock)')
), wanted_enums (enum, labels) AS (VALUES
    ('task_status', 'TO_DO, IN_PROGRESS, COMPLETED, BLOCKED, PENDING_VERIFICATION'),
    ('task_priority', 'LOW, MEDIUM, HIGH, CRITICAL'),
    ('user_role', 'NURSE, DOCTOR, ADMIN, SUPERVISOR'),
    ('emr_system', 'EPIC, CERNER, GENERIC_FHIR'),
    ('verification_status', 'PENDING, VERIFIED, FAILED, EXPIRED')
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
SELECT 'enum ' || w.enum, coalesce(f.labels = w.labels, false), w.labels, f.labels
FROM wanted_enums AS w CROSS JOIN LATERAL (
    SELECT string_agg(e.enumlabel, ', ' ORDER BY e.enumsortorder) AS labels
    FROM pg_enum AS e WHERE e.enumtypid = to_regtype(w.enum)
) AS f
UNION ALL
SELECT 'function current_user_id()', to_regprocedure('current_user_id()') IS NOT NULL, NULL, NULL
UNION ALL
SELECT 'row-level security of tasks', coalesce(bool_or(c.relrowsecurity), false), NULL, NULL
FROM pg_class AS c WHERE c.oid = to_regclass('tasks')
UNION ALL
SELECT 'policy task_access_policy', coalesce(bool_or(p.cmd = 'ALL'), false), 'ALL', string_agg(p.cmd, ', ')
FROM pg_policies AS p WHERE p.schemaname = 'public' AND p.tablename = 'tasks' AND p.policyname = 'task_access_policy';
