-- Ten patients whom the tasks name by their identifier in the EMR, and a handover of two of them.
insert into patients (id, mrn, first_name, last_name, date_of_birth, emr_system, emr_patient_id, phone)
select md5('patient ' || n)::uuid, 'TEST-MRN-' || n, 'Test', 'Patient ' || n, date '1960-01-01' + n, 'EPIC', 'TEST-' || n, '555-0100'
from generate_series(0, 9) as n;
update tasks as t set patient_uuid = p.id from patients as p where p.emr_patient_id = t.patient_id;
insert into handover_items (handover_id, patient_mrn, patient_name, priority, status, description)
select 'e0000000-0000-4000-8000-000000000001', p.mrn, 'Test', 'LOW', 'TO_DO', 'Synthetic' from patients as p limit 2;
insert into handover_templates (name, template_data) values ('Synthetic template', '{}');
