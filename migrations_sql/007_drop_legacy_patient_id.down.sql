-- Back from 007: tasks.patient_id again, filled from the patients.
-- Why so: an UPDATE of every task would take three times as long, leave every row twice, and move every clock. Rewriting
-- the table fires no trigger; the function is there because the expression that fills it may hold no query. Readers and
-- writers wait meanwhile, 8 s for half a million tasks; a REPEATABLE READ transaction that was open before finds the
-- table empty afterwards, as with every rewrite.
-- emr: statement_timeout = 2h
-- emr: partial_inverse = "patient_id as the last column, with the identifiers that the patients have by then, without the rights and indexes that others gave it"

-- Whoever does not see every patient would lose identifiers: rather an error.
SET LOCAL row_security = off;

LOCK TABLE tasks IN ACCESS EXCLUSIVE MODE;

CREATE FUNCTION pg_temp.emr_patient_id_of(p_patient_id uuid) RETURNS text
LANGUAGE plpgsql STABLE
AS $$ BEGIN RETURN (SELECT p.emr_patient_id FROM public.patients AS p WHERE p.id = p_patient_id); END $$;

ALTER TABLE tasks ADD COLUMN patient_id varchar(255);
ALTER TABLE tasks
    ALTER COLUMN patient_id TYPE varchar(255) USING pg_temp.emr_patient_id_of(patient_uuid),
    ALTER COLUMN patient_id SET NOT NULL,
    ALTER COLUMN patient_uuid DROP NOT NULL;
CREATE INDEX tasks_patient_id_emr_system_index ON tasks (patient_id, emr_system);
COMMENT ON COLUMN tasks.patient_id IS 'Deprecated: the identifier in the EMR; use patient_uuid';

CREATE OR REPLACE VIEW tasks_with_patients AS
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

DO $$
BEGIN
    IF current_setting('server_version_num')::integer >= 150000 THEN
        ALTER VIEW tasks_with_patients SET (security_invoker = true);
    END IF;
END
$$;
