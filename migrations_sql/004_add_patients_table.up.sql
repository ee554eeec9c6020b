-- 004 patients: the people all this is for, and the handover tables of the same phase.
-- Why so: first_name, last_name, phone and email are text because the platform may store them encrypted, and ciphertext
-- is longer than any name. tasks.patient_uuid has no foreign key yet: 006 adds it when every task has its patient. The
-- lookup indexes serve foreign keys that 001 left without one; row-level security joins along them.

CREATE TABLE patients (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    mrn varchar(50) NOT NULL,
    first_name text NOT NULL,
    last_name text NOT NULL,
    date_of_birth date NOT NULL,
    gender varchar(20),
    emr_system emr_system NOT NULL,
    emr_patient_id varchar(100) NOT NULL,
    emr_metadata jsonb DEFAULT '{}',
    phone text,
    email text,
    created_at timestamptz NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at timestamptz NOT NULL DEFAULT CURRENT_TIMESTAMP,
    deleted_at timestamptz,
    CONSTRAINT patients_pkey PRIMARY KEY (id),
    CONSTRAINT patients_mrn_unique UNIQUE (mrn),
    CONSTRAINT uq_patients_emr_system_patient_id UNIQUE (emr_system, emr_patient_id)
);

CREATE TABLE handover_items (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    handover_id uuid NOT NULL,
    task_id uuid,
    patient_mrn varchar(50) NOT NULL,
    patient_name varchar(255) NOT NULL,
    priority task_priority NOT NULL,
    status task_status NOT NULL,
    description text NOT NULL,
    notes text,
    action_required boolean DEFAULT false,
    is_acknowledged boolean DEFAULT false,
    acknowledged_at timestamptz,
    metadata jsonb DEFAULT '{}',
    sort_order integer DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at timestamptz NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT handover_items_pkey PRIMARY KEY (id),
    CONSTRAINT handover_items_handover_id_foreign
        FOREIGN KEY (handover_id) REFERENCES handovers (id) ON DELETE CASCADE
);

CREATE TABLE handover_templates (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    name varchar(255) NOT NULL,
    description text,
    department_id uuid,
    template_data jsonb NOT NULL,
    is_active boolean DEFAULT true,
    created_at timestamptz NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at timestamptz NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT handover_templates_pkey PRIMARY KEY (id)
);

ALTER TABLE tasks ADD COLUMN patient_uuid uuid;

CREATE INDEX idx_patients_mrn ON patients (mrn);
CREATE INDEX idx_patients_emr_lookup ON patients (emr_system, emr_patient_id);
CREATE INDEX idx_patients_dob ON patients (date_of_birth);
CREATE INDEX idx_patients_name ON patients (last_name, first_name);
CREATE INDEX idx_tasks_patient_uuid ON tasks (patient_uuid);
CREATE INDEX idx_handover_items_handover_id ON handover_items (handover_id);
CREATE INDEX idx_handover_items_task_id ON handover_items (task_id);
CREATE INDEX idx_handover_items_patient_mrn ON handover_items (patient_mrn);
CREATE INDEX idx_handover_items_priority_status ON handover_items (priority, status);
CREATE INDEX idx_handover_items_action_required ON handover_items (action_required);
CREATE INDEX idx_handover_templates_department_id ON handover_templates (department_id);
CREATE INDEX idx_handover_templates_is_active ON handover_templates (is_active);
CREATE INDEX idx_shifts_department_id ON shifts (department_id);
CREATE INDEX idx_shifts_supervisor_id ON shifts (supervisor_id);
CREATE INDEX idx_shifts_start_time_end_time ON shifts (start_time, end_time);
CREATE INDEX idx_emr_verifications_task_id ON emr_verifications (task_id);
CREATE INDEX idx_emr_verifications_verified_by ON emr_verifications (verified_by);
CREATE INDEX idx_emr_verifications_status ON emr_verifications (status);
CREATE INDEX idx_handovers_from_shift_id ON handovers (from_shift_id);
CREATE INDEX idx_handovers_to_shift_id ON handovers (to_shift_id);
CREATE INDEX idx_handovers_is_completed ON handovers (is_completed);

COMMENT ON TABLE patients IS 'Patients; a row is visible to the departments that have a task for it';
COMMENT ON COLUMN patients.id IS 'Our own identifier; tasks.patient_uuid refers to it';
COMMENT ON COLUMN patients.mrn IS 'Medical record number, unique over all EMR systems';
COMMENT ON COLUMN patients.first_name IS 'PHI; the platform may store it encrypted';
COMMENT ON COLUMN patients.last_name IS 'PHI; the platform may store it encrypted';
COMMENT ON COLUMN patients.date_of_birth IS 'PHI';
COMMENT ON COLUMN patients.gender IS 'As the EMR gives it';
COMMENT ON COLUMN patients.emr_system IS 'The EMR this patient comes from';
COMMENT ON COLUMN patients.emr_patient_id IS 'The identifier in that EMR';
COMMENT ON COLUMN patients.emr_metadata IS 'What else the EMR said';
COMMENT ON COLUMN patients.phone IS 'PHI; the platform may store it encrypted';
COMMENT ON COLUMN patients.email IS 'PHI; the platform may store it encrypted';
COMMENT ON COLUMN patients.created_at IS 'When the row was made';
COMMENT ON COLUMN patients.updated_at IS 'When the row was last changed';
COMMENT ON COLUMN patients.deleted_at IS 'Soft deletion: set when the patient is no longer shown';
COMMENT ON TABLE handover_items IS 'One patient or task of a handover; repeats name and MRN for the printed sheet';
COMMENT ON TABLE handover_templates IS 'Forms that a department fills in at handover';
COMMENT ON COLUMN tasks.patient_uuid IS 'patients.id; replaces patient_id';
COMMENT ON COLUMN tasks.patient_id IS 'Deprecated: the identifier in the EMR; use patient_uuid';

CREATE VIEW tasks_with_patients AS
SELECT
    t.id, t.title, t.description, t.status, t.priority, t.assigned_to, t.created_by, t.department_id, t.shift_id,
    t.due_date, t.emr_system, t.patient_id, t.emr_data, t.vector_clock, t.version, t.requires_verification,
    t.created_at, t.updated_at, t.deleted_at,
    t.vector_clock_node_id, t.vector_clock_counter, t.vector_clock_timestamp, t.patient_uuid,
    p.mrn AS patient_mrn,
    p.first_name AS patient_first_name,
    p.last_name AS patient_last_name,
    p.date_of_birth AS patient_dob,
    p.emr_patient_id AS patient_emr_id
FROM tasks AS t LEFT JOIN patients AS p ON p.id = t.patient_uuid;

COMMENT ON VIEW tasks_with_patients IS 'Tasks with their patient, deleted ones too; row-level security of both holds';

-- Without this the view reads with its owner's rights and shows every patient. 14 does not know the option: there no
-- application role may be granted the view.
DO $$
BEGIN
    IF current_setting('server_version_num')::integer >= 150000 THEN
        ALTER VIEW tasks_with_patients SET (security_invoker = true);
    END IF;
END
$$;

-- SECURITY DEFINER, because tasks has row-level security of its own: another department's task must count here. All
-- that it gives away is whether an identifier has tasks, so everybody may call it, as the policies need.
CREATE FUNCTION patient_is_unassigned(p_patient_id uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$ SELECT NOT EXISTS (SELECT FROM public.tasks AS t WHERE t.patient_uuid = p_patient_id) $$;

COMMENT ON FUNCTION patient_is_unassigned(uuid) IS 'Whether no task of any department refers to the patient';

ALTER TABLE patients ENABLE ROW LEVEL SECURITY;

-- The second half lets INSERT .. RETURNING see the row it has just made, which has no task yet; the price is that a
-- patient without tasks is visible to every signed-in user.
CREATE POLICY patient_access_policy ON patients FOR SELECT
    USING (
        EXISTS (
            SELECT FROM tasks AS t
            WHERE t.patient_uuid = patients.id
              AND t.department_id = (SELECT u.department_id FROM users AS u WHERE u.id = current_user_id())
        )
        OR (current_user_id() IS NOT NULL AND patient_is_unassigned(patients.id))
    );
CREATE POLICY patient_insert_policy ON patients FOR INSERT
    WITH CHECK (current_user_id() IS NOT NULL);
CREATE POLICY patient_update_policy ON patients FOR UPDATE
    USING (
        EXISTS (
            SELECT FROM tasks AS t
            WHERE t.patient_uuid = patients.id
              AND t.department_id = (SELECT u.department_id FROM users AS u WHERE u.id = current_user_id())
        )
        OR (current_user_id() IS NOT NULL AND patient_is_unassigned(patients.id))
    );

CREATE TRIGGER trg_patients_audit AFTER INSERT OR UPDATE OR DELETE ON patients
    FOR EACH ROW EXECUTE FUNCTION audit_trigger_func();
