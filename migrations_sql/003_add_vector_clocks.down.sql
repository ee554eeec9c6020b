-- Back from 003: the clocks go with their triggers; the CHECK constraints go with the columns.

DROP TRIGGER trg_tasks_vector_clock_timestamp ON tasks;
DROP TRIGGER trg_handovers_vector_clock_timestamp ON handovers;
DROP TRIGGER trg_emr_verifications_vector_clock_timestamp ON emr_verifications;
DROP FUNCTION update_vector_clock_timestamp();

DROP INDEX idx_tasks_vector_clock;
DROP INDEX idx_tasks_vector_timestamp;
ALTER TABLE tasks
    DROP COLUMN vector_clock_node_id,
    DROP COLUMN vector_clock_counter,
    DROP COLUMN vector_clock_timestamp;

DROP INDEX idx_handovers_vector_clock;
DROP INDEX idx_handovers_vector_timestamp;
ALTER TABLE handovers
    DROP COLUMN vector_clock_node_id,
    DROP COLUMN vector_clock_counter,
    DROP COLUMN vector_clock_timestamp;

DROP INDEX idx_emr_verifications_vector_clock;
DROP INDEX idx_emr_verifications_vector_timestamp;
ALTER TABLE emr_verifications
    DROP COLUMN vector_clock_node_id,
    DROP COLUMN vector_clock_counter,
    DROP COLUMN vector_clock_timestamp;
