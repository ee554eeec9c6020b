-- 003 vector clocks: what devices that were offline need to merge their changes.
-- Why so: the node has a default, because rows exist already and not every service names one. The trigger leaves the
-- clock alone when an update touched only patient_uuid or updated_at, or the backfill of 004 would make every device
-- fetch every task again; it compares whole rows as jsonb, since most of these tables have no patient_uuid to name.

ALTER TABLE tasks
    ADD COLUMN vector_clock_node_id varchar(50) NOT NULL DEFAULT 'server',
    ADD COLUMN vector_clock_counter bigint NOT NULL DEFAULT 0,
    ADD COLUMN vector_clock_timestamp bigint NOT NULL DEFAULT (extract(epoch FROM now()) * 1000000)::bigint,
    ADD CONSTRAINT chk_tasks_vector_clock_counter_positive CHECK (vector_clock_counter >= 0),
    ADD CONSTRAINT chk_tasks_vector_clock_timestamp_positive CHECK (vector_clock_timestamp > 0);

ALTER TABLE handovers
    ADD COLUMN vector_clock_node_id varchar(50) NOT NULL DEFAULT 'server',
    ADD COLUMN vector_clock_counter bigint NOT NULL DEFAULT 0,
    ADD COLUMN vector_clock_timestamp bigint NOT NULL DEFAULT (extract(epoch FROM now()) * 1000000)::bigint,
    ADD CONSTRAINT chk_handovers_vector_clock_counter_positive CHECK (vector_clock_counter >= 0),
    ADD CONSTRAINT chk_handovers_vector_clock_timestamp_positive CHECK (vector_clock_timestamp > 0);

ALTER TABLE emr_verifications
    ADD COLUMN vector_clock_node_id varchar(50) NOT NULL DEFAULT 'server',
    ADD COLUMN vector_clock_counter bigint NOT NULL DEFAULT 0,
    ADD COLUMN vector_clock_timestamp bigint NOT NULL DEFAULT (extract(epoch FROM now()) * 1000000)::bigint,
    ADD CONSTRAINT chk_emr_verifications_vector_clock_counter_positive CHECK (vector_clock_counter >= 0),
    ADD CONSTRAINT chk_emr_verifications_vector_clock_timestamp_positive CHECK (vector_clock_timestamp > 0);

CREATE INDEX idx_tasks_vector_clock
    ON tasks (vector_clock_node_id, vector_clock_counter, vector_clock_timestamp);
CREATE INDEX idx_tasks_vector_timestamp ON tasks USING brin (vector_clock_timestamp);
CREATE INDEX idx_handovers_vector_clock
    ON handovers (vector_clock_node_id, vector_clock_counter, vector_clock_timestamp);
CREATE INDEX idx_handovers_vector_timestamp ON handovers USING brin (vector_clock_timestamp);
CREATE INDEX idx_emr_verifications_vector_clock
    ON emr_verifications (vector_clock_node_id, vector_clock_counter, vector_clock_timestamp);
CREATE INDEX idx_emr_verifications_vector_timestamp ON emr_verifications USING brin (vector_clock_timestamp);

COMMENT ON COLUMN tasks.vector_clock_node_id IS 'The device or service that wrote last';
COMMENT ON COLUMN tasks.vector_clock_counter IS 'Logical counter of that node';
COMMENT ON COLUMN tasks.vector_clock_timestamp IS 'Hybrid logical clock, microseconds since 1970';
COMMENT ON COLUMN handovers.vector_clock_node_id IS 'The device or service that wrote last';
COMMENT ON COLUMN handovers.vector_clock_counter IS 'Logical counter of that node';
COMMENT ON COLUMN handovers.vector_clock_timestamp IS 'Hybrid logical clock, microseconds since 1970';
COMMENT ON COLUMN emr_verifications.vector_clock_node_id IS 'The device or service that wrote last';
COMMENT ON COLUMN emr_verifications.vector_clock_counter IS 'Logical counter of that node';
COMMENT ON COLUMN emr_verifications.vector_clock_timestamp IS 'Hybrid logical clock, microseconds since 1970';

CREATE FUNCTION update_vector_clock_timestamp() RETURNS trigger
LANGUAGE plpgsql
AS $$
DECLARE
    unclocked CONSTANT text[] := '{patient_uuid,updated_at}';
BEGIN
    IF TG_OP = 'INSERT' OR to_jsonb(new) - unclocked IS DISTINCT FROM to_jsonb(old) - unclocked THEN
        new.vector_clock_timestamp := (extract(epoch FROM now()) * 1000000)::bigint;
    END IF;
    RETURN new;
END
$$;

COMMENT ON FUNCTION update_vector_clock_timestamp() IS
    'Trigger: moves vector_clock_timestamp, except when only patient_uuid or updated_at changed';

CREATE TRIGGER trg_tasks_vector_clock_timestamp BEFORE INSERT OR UPDATE ON tasks
    FOR EACH ROW EXECUTE FUNCTION update_vector_clock_timestamp();
CREATE TRIGGER trg_handovers_vector_clock_timestamp BEFORE INSERT OR UPDATE ON handovers
    FOR EACH ROW EXECUTE FUNCTION update_vector_clock_timestamp();
CREATE TRIGGER trg_emr_verifications_vector_clock_timestamp BEFORE INSERT OR UPDATE ON emr_verifications
    FOR EACH ROW EXECUTE FUNCTION update_vector_clock_timestamp();
