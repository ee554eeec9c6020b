-- Six weeks of audit rows with details, a row for every action and odd metadata.
insert into audit_logs (
    id, action, entity_type, entity_id, user_id, changes, created_at, emr_system, emr_patient_id, request_id, metadata
)
select md5('audit ' || n)::uuid,
       (array['VIEW', 'UPDATE', 'EMR_VERIFY', 'EPIC_VERIFY', 'LOGIN', 'EMR_VERIFY_FAILED', 'EXPORT'])[1 + n % 7],
       (array['PATIENT', 'TASK'])[1 + n % 2], md5('entity ' || n % 50)::uuid, md5('user ' || n % 9)::uuid, '{}',
       date_trunc('day', now()) - n * interval '2 hours', (array['EPIC', 'CERNER', null])[1 + n % 3], 'TEST-' || n % 10,
       md5('request ' || n)::uuid,
       case n % 4 when 0 then null when 1 then '{"response_time_ms": "slow"}'
       when 2 then jsonb_build_object('response_time_ms', n % 500, 'outcome', 'SUCCESS') else '{"outcome": "FAILED"}' end
from generate_series(1, 500) as n;
insert into audit_log_details (id, audit_log_id, audit_log_created_at, previous_state, performance_metrics, created_at)
select md5('detail ' || a.id)::uuid, a.id, a.created_at, '{}', array['{"ms": 1}'::jsonb], a.created_at
from audit_logs as a where a.action = 'UPDATE';
