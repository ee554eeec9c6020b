-- Back from 002: no audit row is ever destroyed. A table that holds rows is set aside as audit_logs_backup_<time> or
-- audit_log_details_backup_<time>, with its triggers, owner and grants; 002 moves the rows back when it runs again.
-- Renamed, not copied: it takes no time, and a writer who waits for the lock is refused, never lost.
-- emr: partial_inverse = "audit rows stay in audit_logs_backup_<time> and audit_log_details_backup_<time>"

-- Whoever does not see every row would lose the others: rather an error.
SET LOCAL row_security = off;

LOCK TABLE audit_logs, audit_log_details IN ACCESS EXCLUSIVE MODE;

DROP MATERIALIZED VIEW compliance_audit_summary;
DROP MATERIALIZED VIEW emr_verification_report;
DROP FUNCTION audit_trigger_func();
DROP FUNCTION audit_describe_indexes();
DROP FUNCTION audit_carry_over(regclass, regclass);
DROP FUNCTION audit_make_ready(regclass, regclass);

-- Indexes are renamed, because the next 002 needs their names. The function stays while a backup's triggers call it.
DO $$
DECLARE
    stamp CONSTANT text := to_char(now() AT TIME ZONE 'UTC', 'YYYYMMDDHH24MISS');
    target text;
    filled boolean;
    old_name name;
    n integer;
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'only a read committed transaction sees the rows that were written until the lock was had'
            USING ERRCODE = 'EM001';
    END IF;
    FOREACH target IN ARRAY ARRAY['audit_log_details', 'audit_logs'] LOOP
        EXECUTE format('SELECT EXISTS (SELECT FROM %I)', target) INTO filled;
        IF NOT filled THEN
            EXECUTE format('DROP TABLE %I', target);
            CONTINUE;
        END IF;
        n := 0;
        FOR old_name IN
            SELECT c.relname FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indexrelid
            WHERE i.indrelid = target::regclass ORDER BY c.relname
        LOOP
            n := n + 1;
            EXECUTE format('ALTER INDEX %I RENAME TO %I', old_name, target || '_backup_' || stamp || '_index_' || n);
        END LOOP;
        EXECUTE format('COMMENT ON TABLE %I IS %L', target, 'Rows of ' || target || ' that a rollback of 002 kept');
        EXECUTE format('ALTER TABLE %I RENAME TO %I', target, target || '_backup_' || stamp);
    END LOOP;
    IF NOT EXISTS (SELECT FROM pg_trigger WHERE tgfoid = 'prevent_audit_modification()'::regprocedure) THEN
        DROP FUNCTION prevent_audit_modification();
    END IF;
END
$$;
