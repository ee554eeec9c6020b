-- Two departments with two people each, their shifts, and tasks with what hangs on them.
insert into departments (id, name, code) values
    ('d0000000-0000-4000-8000-00000000000a', 'Test ward A', 'TEST-A'),
    ('d0000000-0000-4000-8000-00000000000b', 'Test ward B', 'TEST-B');
insert into users (id, username, email, role, department_id, password_hash) values
    ('a0000000-0000-4000-8000-000000000001', 'test.nurse.a', 'nurse.a@example.org', 'NURSE', 'd0000000-0000-4000-8000-00000000000a', '!'),
    ('b0000000-0000-4000-8000-000000000001', 'test.nurse.b', 'nurse.b@example.org', 'NURSE', 'd0000000-0000-4000-8000-00000000000b', '!'),
    ('c0000000-0000-4000-8000-000000000001', 'test.floater', 'floater@example.org', 'NURSE', null, '!');
insert into shifts (id, department_id, start_time, end_time, supervisor_id)
select ('50000000-0000-4000-8000-00000000000' || n)::uuid, 'd0000000-0000-4000-8000-00000000000a',
       timestamptz '2026-01-01 06:00+00' + n * interval '8 hours', timestamptz '2026-01-01 14:00+00' + n * interval '8 hours',
       'a0000000-0000-4000-8000-000000000001'
from generate_series(1, 2) as n;
insert into tasks (id, title, created_by, department_id, shift_id, emr_system, patient_id, emr_data)
select md5('task ' || n)::uuid, 'Synthetic task ' || n, 'a0000000-0000-4000-8000-000000000001',
       ('d0000000-0000-4000-8000-00000000000' || case n % 2 when 0 then 'a' else 'b' end)::uuid,
       '50000000-0000-4000-8000-000000000001', 'EPIC', 'TEST-' || n % 10, '{}'
from generate_series(1, 100) as n;
insert into emr_verifications (task_id, verified_by, status, verification_metadata, verified_at)
select t.id, t.created_by, 'VERIFIED', '{}', timestamptz '2026-01-02 00:00+00' from tasks as t limit 20;
insert into handovers (id, from_shift_id, to_shift_id, initiated_by, task_summary, critical_events) values
    ('e0000000-0000-4000-8000-000000000001', '50000000-0000-4000-8000-000000000001', '50000000-0000-4000-8000-000000000002',
     'a0000000-0000-4000-8000-000000000001', '{}', '[]');
