-- 006 links tasks to patients: phase 3 of the move from tasks.patient_id to patients.
-- Why so: manual, because it belongs after the data, not after 005: import the patients, run `emr-console backfill`, then
-- `emr-console migrate up --to 006`. It begins only when every task that names a patient names one who exists; a task
-- without a patient may stay so until 007. The two statements are committed apart: added as NOT VALID the key takes a
-- moment, and while the rows that are there are checked, everybody goes on writing. No ON DELETE: patients are deleted
-- softly.
-- emr: manual = true
-- emr: transaction = off
-- emr: statement_timeout = 2h
-- emr: precondition = SELECT NOT EXISTS (SELECT FROM tasks AS t LEFT JOIN patients AS p ON p.id = t.patient_uuid WHERE t.patient_uuid IS NOT NULL AND p.id IS NULL)

ALTER TABLE tasks
    ADD CONSTRAINT fk_tasks_patient_uuid FOREIGN KEY (patient_uuid) REFERENCES patients (id) NOT VALID;

ALTER TABLE tasks VALIDATE CONSTRAINT fk_tasks_patient_uuid;
