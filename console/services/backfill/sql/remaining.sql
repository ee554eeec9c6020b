-- How many tasks name no patient; idx_tasks_patient_uuid holds them together.
select count(*) as tasks from tasks where patient_uuid is null
