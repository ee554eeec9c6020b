-- Move one open task on and record it: the short transaction that the platform runs all day. Tasks go round, so that
-- there are always open ones; a task that somebody holds is left to him. The view tells the identifier in the EMR also
-- when 007 has taken it from tasks.
WITH chosen AS (
    SELECT t.id, t.status AS before
    FROM tasks AS t
    WHERE t.status IN ('TO_DO', 'IN_PROGRESS', 'PENDING_VERIFICATION')
    OFFSET %(skip)s LIMIT 1
    FOR UPDATE SKIP LOCKED
), moved AS (
    UPDATE tasks AS t
    SET status = CASE c.before
            WHEN 'TO_DO' THEN 'IN_PROGRESS'::task_status
            WHEN 'IN_PROGRESS' THEN 'PENDING_VERIFICATION'::task_status
            ELSE 'TO_DO'::task_status
        END,
        version = t.version + 1, updated_at = now(), vector_clock_counter = t.vector_clock_counter + 1
    FROM chosen AS c
    WHERE t.id = c.id
    RETURNING t.id, c.before, t.status AS after, t.emr_system
)
INSERT INTO audit_logs
    (action, entity_type, entity_id, user_id, changes, ip_address, user_agent, emr_system, emr_patient_id, request_id)
SELECT
    'UPDATE', 'TASK', m.id, current_user_id(),
    jsonb_build_object('status', jsonb_build_object('from', m.before, 'to', m.after)),
    '192.0.2.11', 'EMR-Tablet/3.9', m.emr_system::text, v.patient_id, gen_random_uuid()
FROM moved AS m
JOIN tasks_with_patients AS v ON v.id = m.id
