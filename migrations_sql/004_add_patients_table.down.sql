-- Back from 004: patients and the handover tables go, and with them tasks.patient_uuid. What the trigger wrote to
-- audit_logs stays. The view goes first, then the policies, which use the column, with their table.

DROP VIEW tasks_with_patients;
DROP TABLE patients;
DROP FUNCTION patient_is_unassigned(uuid);
DROP TABLE handover_templates;
DROP TABLE handover_items;

DROP INDEX idx_tasks_patient_uuid;
DROP INDEX idx_shifts_department_id;
DROP INDEX idx_shifts_supervisor_id;
DROP INDEX idx_shifts_start_time_end_time;
DROP INDEX idx_emr_verifications_task_id;
DROP INDEX idx_emr_verifications_verified_by;
DROP INDEX idx_emr_verifications_status;
DROP INDEX idx_handovers_from_shift_id;
DROP INDEX idx_handovers_to_shift_id;
DROP INDEX idx_handovers_is_completed;

ALTER TABLE tasks DROP COLUMN patient_uuid;
COMMENT ON COLUMN tasks.patient_id IS NULL;
