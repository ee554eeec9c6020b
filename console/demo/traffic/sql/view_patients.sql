-- A user of the platform opens some patients of the department: rows for the audit pane that are minutes old. The view
-- tells the identifier in the EMR also when 007 has taken it from tasks.
INSERT INTO audit_logs
    (action, entity_type, entity_id, user_id, changes, ip_address, user_agent, emr_system, emr_patient_id, request_id)
SELECT
    'VIEW', 'PATIENT', t.patient_uuid, current_user_id(), '{}', '192.0.2.11', 'EMR-Ward/5.2 (terminal)',
    t.emr_system::text, t.patient_id, gen_random_uuid()
FROM tasks_with_patients AS t
WHERE t.patient_uuid IS NOT NULL
OFFSET %(skip)s LIMIT 3
