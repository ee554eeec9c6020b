-- 001 initial schema: who works here (departments, users, shifts) and what they do (tasks, verifications, handovers).
-- Why: everything later hangs on these six tables. Departments come before users, because a user's department decides
-- which tasks he sees; the policy at the end qualifies every column, since an unqualified department_id inside the
-- sub-select would mean the task's own and let everybody see everything.
-- emr: requires = pg>=14

-- Nothing of ours needs them (gen_random_uuid() is built in); older services of the platform call their functions.
DO $$
DECLARE
    wanted text;
BEGIN
    FOR wanted IN
        SELECT name FROM pg_available_extensions
        WHERE name IN ('uuid-ossp', 'pgcrypto') AND installed_version IS NULL
    LOOP
        EXECUTE format('CREATE EXTENSION %I', wanted);
    END LOOP;
EXCEPTION
    WHEN insufficient_privilege THEN
        RAISE NOTICE 'uuid-ossp and pgcrypto were left out: this role may not create extensions';
END
$$;

CREATE TYPE task_status AS ENUM ('TO_DO', 'IN_PROGRESS', 'COMPLETED', 'BLOCKED', 'PENDING_VERIFICATION');
CREATE TYPE task_priority AS ENUM ('LOW', 'MEDIUM', 'HIGH', 'CRITICAL');
CREATE TYPE user_role AS ENUM ('NURSE', 'DOCTOR', 'ADMIN', 'SUPERVISOR');
CREATE TYPE emr_system AS ENUM ('EPIC', 'CERNER', 'GENERIC_FHIR');
CREATE TYPE verification_status AS ENUM ('PENDING', 'VERIFIED', 'FAILED', 'EXPIRED');

CREATE TABLE departments (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    name varchar(255) NOT NULL,
    code varchar(255) NOT NULL,
    description text,
    created_at timestamptz NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at timestamptz NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT departments_pkey PRIMARY KEY (id),
    CONSTRAINT departments_code_unique UNIQUE (code)
);

CREATE TABLE users (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    username varchar(255) NOT NULL,
    email varchar(255) NOT NULL,
    role user_role NOT NULL,
    department_id uuid,
    password_hash varchar(255) NOT NULL,
    mfa_secret varchar(255),
    is_active boolean NOT NULL DEFAULT true,
    last_login timestamptz,
    preferences jsonb DEFAULT '{}',
    created_at timestamptz NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at timestamptz NOT NULL DEFAULT CURRENT_TIMESTAMP,
    deleted_at timestamptz,
    CONSTRAINT users_pkey PRIMARY KEY (id),
    CONSTRAINT users_username_unique UNIQUE (username),
    CONSTRAINT users_email_unique UNIQUE (email),
    CONSTRAINT users_department_id_foreign
        FOREIGN KEY (department_id) REFERENCES departments (id) ON DELETE SET NULL
);

CREATE TABLE shifts (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    department_id uuid NOT NULL,
    start_time timestamptz NOT NULL,
    end_time timestamptz NOT NULL,
    supervisor_id uuid NOT NULL,
    is_active boolean NOT NULL DEFAULT true,
    created_at timestamptz NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at timestamptz NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT shifts_pkey PRIMARY KEY (id),
    CONSTRAINT shifts_department_id_foreign FOREIGN KEY (department_id) REFERENCES departments (id),
    CONSTRAINT shifts_supervisor_id_foreign FOREIGN KEY (supervisor_id) REFERENCES users (id)
);

CREATE TABLE tasks (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    title varchar(255) NOT NULL,
    description text,
    status task_status NOT NULL DEFAULT 'TO_DO',
    priority task_priority NOT NULL DEFAULT 'MEDIUM',
    assigned_to uuid,
    created_by uuid NOT NULL,
    department_id uuid NOT NULL,
    shift_id uuid,
    due_date timestamptz,
    emr_system emr_system NOT NULL,
    patient_id varchar(255) NOT NULL,
    emr_data jsonb NOT NULL,
    vector_clock bigint NOT NULL DEFAULT 0,
    version integer NOT NULL DEFAULT 1,
    requires_verification boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at timestamptz NOT NULL DEFAULT CURRENT_TIMESTAMP,
    deleted_at timestamptz,
    CONSTRAINT tasks_pkey PRIMARY KEY (id),
    CONSTRAINT tasks_assigned_to_foreign FOREIGN KEY (assigned_to) REFERENCES users (id),
    CONSTRAINT tasks_created_by_foreign FOREIGN KEY (created_by) REFERENCES users (id),
    CONSTRAINT tasks_department_id_foreign FOREIGN KEY (department_id) REFERENCES departments (id),
    CONSTRAINT tasks_shift_id_foreign FOREIGN KEY (shift_id) REFERENCES shifts (id)
);

CREATE TABLE emr_verifications (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    task_id uuid NOT NULL,
    verified_by uuid NOT NULL,
    status verification_status NOT NULL,
    barcode_data varchar(255),
    verification_metadata jsonb NOT NULL,
    failure_reason text,
    verified_at timestamptz NOT NULL,
    created_at timestamptz NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at timestamptz NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT emr_verifications_pkey PRIMARY KEY (id),
    CONSTRAINT emr_verifications_task_id_foreign FOREIGN KEY (task_id) REFERENCES tasks (id),
    CONSTRAINT emr_verifications_verified_by_foreign FOREIGN KEY (verified_by) REFERENCES users (id)
);

CREATE TABLE handovers (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    from_shift_id uuid NOT NULL,
    to_shift_id uuid NOT NULL,
    initiated_by uuid NOT NULL,
    accepted_by uuid,
    task_summary jsonb NOT NULL,
    critical_events jsonb NOT NULL,
    is_completed boolean NOT NULL DEFAULT false,
    completed_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at timestamptz NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT handovers_pkey PRIMARY KEY (id),
    CONSTRAINT handovers_from_shift_id_foreign FOREIGN KEY (from_shift_id) REFERENCES shifts (id),
    CONSTRAINT handovers_to_shift_id_foreign FOREIGN KEY (to_shift_id) REFERENCES shifts (id),
    CONSTRAINT handovers_initiated_by_foreign FOREIGN KEY (initiated_by) REFERENCES users (id),
    CONSTRAINT handovers_accepted_by_foreign FOREIGN KEY (accepted_by) REFERENCES users (id)
);

CREATE INDEX tasks_department_id_status_due_date_index ON tasks (department_id, status, due_date);
CREATE INDEX tasks_assigned_to_status_index ON tasks (assigned_to, status);
CREATE INDEX tasks_patient_id_emr_system_index ON tasks (patient_id, emr_system);
CREATE INDEX tasks_vector_clock_index ON tasks (vector_clock);

COMMENT ON TABLE departments IS 'Wards and other units; a user''s department decides which tasks he sees';
COMMENT ON TABLE users IS 'Staff who sign in to the platform';
COMMENT ON COLUMN users.department_id IS 'The department whose tasks and patients this user sees; none = sees none';
COMMENT ON TABLE shifts IS 'Working shifts of a department';
COMMENT ON TABLE tasks IS 'Clinical tasks; rows are visible to their own department only';
COMMENT ON COLUMN tasks.vector_clock IS 'Legacy clock; 003 adds its successors';
COMMENT ON TABLE emr_verifications IS 'Proof that a task was checked against the EMR';
COMMENT ON TABLE handovers IS 'Handing over from one shift to the next';

CREATE FUNCTION current_user_id() RETURNS uuid
LANGUAGE sql STABLE PARALLEL SAFE
AS $$ SELECT nullif(current_setting('app.current_user_id', true), '')::uuid $$;

COMMENT ON FUNCTION current_user_id() IS
    'The signed-in user of this transaction (SET LOCAL app.current_user_id); nobody is NULL, who sees no row';

ALTER TABLE tasks ENABLE ROW LEVEL SECURITY;

-- No WITH CHECK: USING then guards what is written too, so nobody can move a task into a department he cannot see.
CREATE POLICY task_access_policy ON tasks
    USING (tasks.department_id = (SELECT u.department_id FROM users AS u WHERE u.id = current_user_id()));
