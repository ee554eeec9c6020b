-- 007 drops tasks.patient_id, the identifier in the EMR: phase 4 of the move to patients.
-- Why so: manual, because the services must have stopped using the column. It begins only when 006 is in force and every
-- task's patient carries the very identifier that the task does, so that nothing is lost and the way back can write it
-- again; that is asked once more with the writers held, for a service may have written meanwhile. From then on a task
-- must have its patient. The view keeps its columns, because whoever reads it is not asked: patient_id now comes from
-- the patient.
-- emr: manual = true
-- emr: precondition = SELECT EXISTS (SELECT FROM pg_constraint WHERE conrelid = to_regclass('tasks') AND conname = 'fk_tasks_patient_uuid' AND convalidated) AND NOT EXISTS (SELECT FROM tasks AS t LEFT JOIN patients AS p ON p.id = t.patient_uuid WHERE (p.emr_system, p.emr_patient_id) IS DISTINCT FROM (t.emr_system, t.patient_id))

-- Whoever does not see every row may not decide this: rather an error.
SET LOCAL row_security = off;

LOCK TABLE tasks IN SHARE ROW EXCLUSIVE MODE; -- readers go on

DO $$
DECLARE
    different bigint;
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'only a read committed transaction sees the rows that were written until the lock was had'
            USING ERRCODE = 'EM001';
    END IF;
    SELECT count(*) INTO different
    FROM tasks AS t LEFT JOIN patients AS p ON p.id = t.patient_uuid
    WHERE (p.emr_system, p.emr_patient_id) IS DISTINCT FROM (t.emr_system, t.patient_id);
    IF different > 0 THEN
        RAISE EXCEPTION '% tasks have no patient, or one with another identifier', different USING ERRCODE = 'EM001';
    END IF;
END
$$;

ALTER TABLE tasks ALTER COLUMN patient_uuid SET NOT NULL;

CREATE OR REPLACE VIEW tasks_with_patients AS
SELECT
    t.id, t.title, t.description, t.status, t.priority, t.assigned_to, t.created_by, t.department_id, t.shift_id,
    t.due_date, t.emr_system, p.emr_patient_id::varchar(255) AS patient_id, t.emr_data, t.vector_clock, t.version,
    t.requires_verification, t.created_at, t.updated_at, t.deleted_at,
    t.vector_clock_node_id, t.vector_clock_counter, t.vector_clock_timestamp, t.patient_uuid,
    p.mrn AS patient_mrn,
    p.first_name AS patient_first_name,
    p.last_name AS patient_last_name,
    p.date_of_birth AS patient_dob,
    p.emr_patient_id AS patient_emr_id
FROM tasks AS t LEFT JOIN patients AS p ON p.id = t.patient_uuid;

-- Replacing a view forgets its options; see 004 for why it has this one.
DO $$
BEGIN
    IF current_setting('server_version_num')::integer >= 150000 THEN
        ALTER VIEW tasks_with_patients SET (security_invoker = true);
    END IF;
END
$$;

ALTER TABLE tasks DROP COLUMN patient_id;
