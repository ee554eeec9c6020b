-- 006 holds: a task that names a patient names one who exists, checked for every row.
SELECT 'constraint fk_tasks_patient_uuid' AS name,
       coalesce(bool_or(pg_get_constraintdef(k.oid) = w.def AND k.convalidated), false) AS ok,
       w.def AS expected, string_agg(pg_get_constraintdef(k.oid), '') AS found
FROM (VALUES ('FOREIGN KEY (patient_uuid) REFERENCES patients(id)')) AS w (def)
LEFT JOIN pg_constraint AS k ON k.conrelid = to_regclass('tasks') AND k.conname = 'fk_tasks_patient_uuid'
GROUP BY w.def;
