-- The list that a handover is written from: read through the view, so row-level security works on both tables.
SELECT v.id, v.title, v.status, v.priority, v.due_date, v.patient_mrn
FROM tasks_with_patients AS v
WHERE v.status <> 'COMPLETED'
ORDER BY v.priority DESC, v.due_date
LIMIT 50
