-- Back from 006: nothing watches tasks.patient_uuid any more; its values stay.

ALTER TABLE tasks DROP CONSTRAINT fk_tasks_patient_uuid;
