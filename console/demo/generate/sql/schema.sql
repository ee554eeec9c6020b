-- Whether the tables that the data go into are there, and which way the audit tables are partitioned: without
-- TimescaleDB the partitions of all years must be made before the first row, or DEFAULT would swallow them.
SELECT
    to_regclass('patients') IS NOT NULL AND to_regclass('handover_items') IS NOT NULL
        AND to_regclass('audit_logs_hourly') IS NOT NULL AS complete,
    to_regproc('audit_ensure_partitions') IS NOT NULL AS partitioned,
    EXISTS (
        SELECT FROM pg_attribute
        WHERE attrelid = to_regclass('tasks') AND attname = 'patient_id' AND NOT attisdropped
    ) AS legacy
