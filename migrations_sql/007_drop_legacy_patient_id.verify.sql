-- 007 holds: a task has its patient and no identifier of its own; the view still shows both.
SELECT 'tasks without patient_id' AS name, NOT EXISTS (
           SELECT FROM pg_attribute AS a
           WHERE a.attrelid = to_regclass('tasks') AND a.attname = 'patient_id' AND NOT a.attisdropped
       ) AS ok, 'no such column' AS expected, NULL AS found
UNION ALL
SELECT 'tasks.patient_uuid', coalesce(bool_or(a.attnotnull), false), 'not null', NULL
FROM pg_attribute AS a WHERE a.attrelid = to_regclass('tasks') AND a.attname = 'patient_uuid'
UNION ALL
SELECT 'view tasks_with_patients keeps patient_id', EXISTS (
           SELECT FROM pg_attribute AS a
           WHERE a.attrelid = to_regclass('tasks_with_patients') AND a.attname = 'patient_id'
       ), NULL, NULL
UNION ALL
SELECT 'view tasks_with_patients obeys row-level security',
       coalesce(bool_or(c.reloptions @> '{security_invoker=true}'
                        OR current_setting('server_version_num')::integer < 150000), false),
       'security_invoker=true from 15 on', string_agg(c.reloptions::text, '')
FROM pg_class AS c WHERE c.oid = to_regclass('tasks_with_patients');
