-- 002 audit log: who did what, kept for years and never altered.
-- Why so: the key holds created_at because 005 partitions by it; nothing is a foreign key, because a reference into a
-- hypertable stops compression and retention and a deleted user's history must stay; columns are text because 005's
-- functions return text. Grants let only the owner UPDATE, DELETE or TRUNCATE, and triggers refuse it to the owner too.
-- Rows that a rollback kept in audit_logs_backup_<time> and audit_log_details_backup_<time> come back here.
-- emr: statement_timeout = 2h

-- Whoever does not see every row would lose the others: rather an error.
SET LOCAL row_security = off;

-- NOT NULL has names from 18 on; written out, because a backup may still hold the ones that the server would choose.
CREATE TABLE audit_logs (
    id uuid CONSTRAINT audit_logs_id_not_null NOT NULL DEFAULT gen_random_uuid(),
    action text CONSTRAINT audit_logs_action_not_null NOT NULL,
    entity_type text CONSTRAINT audit_logs_entity_type_not_null NOT NULL,
    entity_id uuid CONSTRAINT audit_logs_entity_id_not_null NOT NULL,
    user_id uuid CONSTRAINT audit_logs_user_id_not_null NOT NULL,
    changes jsonb CONSTRAINT audit_logs_changes_not_null NOT NULL,
    created_at timestamptz CONSTRAINT audit_logs_created_at_not_null NOT NULL DEFAULT CURRENT_TIMESTAMP,
    ip_address text,
    user_agent text,
    session_id uuid,
    emr_system text,
    emr_patient_id text,
    emr_context jsonb,
    request_id uuid CONSTRAINT audit_logs_request_id_not_null NOT NULL,
    metadata jsonb,
    CONSTRAINT audit_logs_pkey PRIMARY KEY (id, created_at),
    CONSTRAINT audit_logs_action_check CHECK (action IN (
        'INSERT', 'UPDATE', 'DELETE', 'LOGIN', 'LOGOUT', 'EMR_VERIFY', 'EPIC_VERIFY', 'CERNER_VERIFY',
        'VIEW', 'SEARCH', 'REVEAL', 'EXPORT', 'BREAK_GLASS', 'LOGIN_FAILED', 'ACCESS_DENIED', 'EMR_VERIFY_FAILED',
        'CONFIG_CHANGE', 'TEST'
    )),
    CONSTRAINT audit_logs_created_at_check CHECK (isfinite(created_at)), -- no week and no chunk could hold it
    CONSTRAINT audit_logs_emr_system_check CHECK (emr_system IN ('EPIC', 'CERNER', 'GENERIC_FHIR'))
);

CREATE TABLE audit_log_details (
    id uuid CONSTRAINT audit_log_details_id_not_null NOT NULL DEFAULT gen_random_uuid(),
    audit_log_id uuid CONSTRAINT audit_log_details_audit_log_id_not_null NOT NULL,
    audit_log_created_at timestamptz CONSTRAINT audit_log_details_audit_log_created_at_not_null NOT NULL,
    previous_state jsonb,
    new_state jsonb,
    validation_results jsonb,
    performance_metrics jsonb[],
    created_at timestamptz CONSTRAINT audit_log_details_created_at_not_null NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT audit_log_details_pkey PRIMARY KEY (id, created_at),
    CONSTRAINT audit_log_details_created_at_check CHECK (isfinite(created_at))
);

-- Before the other indexes exist: rows go in faster then.
-- Whoever may create a table could have made such a backup, with rows that nobody has written, or the function below,
-- which he could change later. So they have to belong to the acting role or one that it was expressly made a member of,
-- to emr_audit_owner, to the owner of schema or database, or to a superuser. Not pg_has_role, because it calls a
-- superuser a member of every role; an ADMIN option alone does not count, because whoever creates a role has it.
DO $$
DECLARE
    target text;
    backup regclass;
    other record;
    names text;
    new_names text;
    old_names text;
    missing bigint;
    trusted CONSTANT oid[] := ARRAY(
        WITH RECURSIVE acting (role) AS (
            SELECT oid FROM pg_roles WHERE rolname IN (session_user, current_user)
            UNION
            SELECT m.roleid FROM acting AS a JOIN pg_auth_members AS m ON m.member = a.role
            WHERE coalesce((to_jsonb(m) ->> 'inherit_option')::boolean OR (to_jsonb(m) ->> 'set_option')::boolean, true)
        )
        SELECT role FROM acting
        UNION SELECT oid FROM pg_roles WHERE rolsuper OR rolname IN ('emr_audit_owner', 'pg_database_owner')
        UNION SELECT datdba FROM pg_database WHERE datname = current_database()
        UNION SELECT nspowner FROM pg_namespace WHERE nspname = 'public'
    );
    stranger text;
BEGIN
    SELECT proowner::regrole INTO stranger
    FROM pg_proc WHERE oid = to_regprocedure('public.prevent_audit_modification()') AND proowner <> ALL (trusted);
    IF FOUND THEN
        RAISE EXCEPTION 'function prevent_audit_modification() is there already and belongs to %', stranger
            USING ERRCODE = 'EM001',
                  HINT = 'It would guard the audit rows and he could change it. Have it looked at, then drop it.';
    END IF;
    FOREACH target IN ARRAY ARRAY['audit_logs', 'audit_log_details'] LOOP
        FOR backup IN
            SELECT c.oid FROM pg_class AS c
            WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
              AND c.relname ~ ('^' || target || '_backup_[0-9]{14}$')
            ORDER BY c.relname
        LOOP
            EXECUTE format('LOCK TABLE %s IN ACCESS EXCLUSIVE MODE', backup);
            SELECT relowner::regrole INTO stranger FROM pg_class WHERE oid = backup AND relowner <> ALL (trusted);
            IF FOUND THEN
                RAISE EXCEPTION '% looks like audit rows that a rollback kept, but belongs to %', backup, stranger
                    USING ERRCODE = 'EM001',
                          HINT = 'Its rows may be forged. Have it looked at, then rename it, drop it, or give it to the '
                                 'owner of the audit rows (ALTER TABLE .. OWNER TO).';
            END IF;
            IF (SELECT relrowsecurity FROM pg_class WHERE oid = backup) THEN
                RAISE EXCEPTION '% has row security, which would be lost with it', backup
                    USING ERRCODE = 'EM001',
                          HINT = 'Write its policies down, disable it there (ALTER TABLE .. DISABLE ROW LEVEL '
                                 'SECURITY), start this again, and make the policies on the audit table at once.';
            END IF;
            -- By name: others may have added a column. Images are compared, because not every type knows equality.
            FOR other IN
                SELECT quote_ident(b.attname) AS name, format_type(b.atttypid, b.atttypmod) AS type, CASE
                       WHEN b.attcollation <> t.typcollation THEN format('COLLATE %s', b.attcollation::regcollation)
                       END AS collation,
                       format_type(a.atttypid, a.atttypmod) AS ours
                FROM pg_attribute AS b JOIN pg_type AS t ON t.oid = b.atttypid LEFT JOIN pg_attribute AS a
                    ON a.attrelid = target::regclass AND a.attname = b.attname AND NOT a.attisdropped
                WHERE b.attrelid = backup AND b.attnum > 0 AND NOT b.attisdropped
                  AND (a.atttypid, a.atttypmod) IS DISTINCT FROM (b.atttypid, b.atttypmod)
            LOOP
                IF other.ours IS NOT NULL THEN
                    RAISE EXCEPTION 'column % of % is % and not %', other.name, backup, other.type, other.ours
                        USING ERRCODE = 'EM001',
                              HINT = 'Give it its type again (ALTER TABLE .. ALTER COLUMN .. TYPE), then start again.';
                END IF;
                EXECUTE format('ALTER TABLE %I ADD COLUMN %s %s %s', target, other.name, other.type, other.collation);
                RAISE WARNING 'column % of % is back without its default and constraints', other.name, target
                    USING ERRCODE = 'EM002';
            END LOOP;
            SELECT string_agg(quote_ident(attname), ', '), string_agg('a.' || quote_ident(attname), ', '),
                   string_agg('b.' || quote_ident(attname), ', ')
            INTO STRICT names, new_names, old_names
            FROM pg_attribute WHERE attrelid = backup AND attnum > 0 AND NOT attisdropped;
            EXECUTE format('INSERT INTO %I (%s) SELECT %2$s FROM %s ON CONFLICT (id, created_at) DO NOTHING',
                           target, names, backup);
            EXECUTE format('SELECT count(*) FROM %s AS b LEFT JOIN %I AS a USING (id, created_at) '
                           'WHERE ROW(%s)::record *<> ROW(%s)::record', backup, target, new_names, old_names)
            INTO missing;
            IF missing = 0 THEN
                EXECUTE format('DROP TABLE %s', backup);
            ELSE
                RAISE WARNING '% keeps % rows that differ from those in %: it was not dropped', backup, missing, target
                    USING ERRCODE = 'EM002';
            END IF;
        END LOOP;
    END LOOP;
END
$$;

CREATE INDEX audit_logs_entity_type_index ON audit_logs (entity_type);
CREATE INDEX audit_logs_entity_id_index ON audit_logs (entity_id);
CREATE INDEX audit_logs_user_id_index ON audit_logs (user_id);
CREATE INDEX audit_logs_emr_patient_id_index ON audit_logs (emr_patient_id);
CREATE INDEX audit_logs_entity_type_entity_id_index ON audit_logs (entity_type, entity_id);
CREATE INDEX audit_logs_emr_system_emr_patient_id_index ON audit_logs (emr_system, emr_patient_id);
CREATE INDEX idx_audit_logs_created_at_brin ON audit_logs USING brin (created_at);
CREATE INDEX audit_log_details_audit_log_id_index ON audit_log_details (audit_log_id);
CREATE INDEX idx_audit_log_details_created_at_brin ON audit_log_details USING brin (created_at);

COMMENT ON TABLE audit_logs IS 'Who did what to which entity; append-only';
COMMENT ON COLUMN audit_logs.user_id IS 'users.id, which may be gone by now; the nil uuid stands for the system';
COMMENT ON COLUMN audit_logs.changes IS 'field -> {"from": .., "to": ..}; values of patients are masked';
COMMENT ON COLUMN audit_logs.metadata IS 'outcome (SUCCESS, FAILED) and response_time_ms of a verification, and more';
COMMENT ON TABLE audit_log_details IS 'States before and after an audited change; append-only';
COMMENT ON COLUMN audit_log_details.audit_log_created_at IS 'created_at there, so that finding it reads one week';

-- CREATE OR REPLACE: a backup that could not be emptied still has its triggers, and with them this function.
CREATE OR REPLACE FUNCTION prevent_audit_modification() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
    RAISE EXCEPTION '% on %.% refused: audit rows are append-only', TG_OP, TG_TABLE_SCHEMA, TG_TABLE_NAME
        USING ERRCODE = 'object_not_in_prerequisite_state',
              HINT = 'Old rows leave by retention, which drops whole partitions or chunks.';
END
$$;

COMMENT ON FUNCTION prevent_audit_modification() IS 'Trigger: refuses UPDATE, DELETE and TRUNCATE of audit rows';

CREATE TRIGGER trg_audit_logs_append_only BEFORE UPDATE OR DELETE ON audit_logs
    FOR EACH ROW EXECUTE FUNCTION prevent_audit_modification();
CREATE TRIGGER trg_audit_logs_no_truncate BEFORE TRUNCATE ON audit_logs
    FOR EACH STATEMENT EXECUTE FUNCTION prevent_audit_modification();
CREATE TRIGGER trg_audit_log_details_append_only BEFORE UPDATE OR DELETE ON audit_log_details
    FOR EACH ROW EXECUTE FUNCTION prevent_audit_modification();
CREATE TRIGGER trg_audit_log_details_no_truncate BEFORE TRUNCATE ON audit_log_details
    FOR EACH STATEMENT EXECUTE FUNCTION prevent_audit_modification();

-- SECURITY DEFINER: whoever may change a patient leaves a trace without any right on old audit rows. Only the listed
-- fields keep their values, so a new column is masked: audit rows live for years, and reports read them.
CREATE FUNCTION audit_trigger_func() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    before jsonb := CASE WHEN TG_OP = 'INSERT' THEN '{}' ELSE to_jsonb(old) END;
    after jsonb := CASE WHEN TG_OP = 'DELETE' THEN '{}' ELSE to_jsonb(new) END;
    entity jsonb := before || after;
    in_clear CONSTANT text[] := '{id,emr_system,emr_patient_id,created_at,updated_at,deleted_at}';
    changed jsonb;
BEGIN
    IF (TG_TABLE_SCHEMA, TG_TABLE_NAME) <> ('public', 'patients') THEN
        RAISE EXCEPTION 'only changes of patients are audited by this trigger' USING ERRCODE = 'EM001';
    END IF;
    SELECT coalesce(jsonb_object_agg(field, jsonb_build_object(
        'from', CASE WHEN field = ANY (in_clear) OR before ->> field IS NULL THEN before -> field ELSE '"***"' END,
        'to', CASE WHEN field = ANY (in_clear) OR after ->> field IS NULL THEN after -> field ELSE '"***"' END
    )), '{}')
    INTO changed
    FROM jsonb_object_keys(entity) AS field
    WHERE before -> field IS DISTINCT FROM after -> field;

    INSERT INTO public.audit_logs (
        action, entity_type, entity_id, user_id, changes, emr_system, emr_patient_id, request_id, metadata
    ) VALUES (
        TG_OP, 'PATIENT', (entity ->> 'id')::uuid,
        coalesce(public.current_user_id(), '00000000-0000-0000-0000-000000000000'),
        changed, entity ->> 'emr_system', entity ->> 'emr_patient_id',
        coalesce(nullif(current_setting('app.request_id', true), '')::uuid, gen_random_uuid()),
        jsonb_build_object('session_user', session_user)
    );
    RETURN NULL;
END
$$;

-- A trigger needs no right to fire; whoever may call it could hang it on a table of his own and write what he likes.
REVOKE EXECUTE ON FUNCTION audit_trigger_func() FROM PUBLIC;

COMMENT ON FUNCTION audit_trigger_func() IS 'Trigger: one audit row for every changed patient, with its values masked';

-- For 005 and its rollback, which copy every row as it is: what would stop that comes to a successor after the rows.
CREATE FUNCTION audit_make_ready(p_old regclass, p_new regclass) RETURNS void
LANGUAGE plpgsql SET search_path = public, pg_temp
AS $$
DECLARE
    name name;
BEGIN
    SELECT attname INTO name FROM pg_attribute WHERE attrelid = p_old AND attgenerated <> '' AND NOT attisdropped;
    IF FOUND THEN
        RAISE EXCEPTION 'column % of % is generated: its values cannot be copied', quote_ident(name), p_new
            USING ERRCODE = 'EM001',
                  HINT = format('Write its definition down, drop it (ALTER TABLE %s DROP COLUMN %I), start this again '
                                'and add it then: its values come from other columns.', p_new, name);
    END IF;
    FOR name IN -- old rows need not keep to them
        SELECT conname FROM pg_constraint WHERE conrelid = p_old AND contype IN ('c', 'n') AND NOT convalidated
    LOOP
        EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', p_new, name);
    END LOOP;
END
$$;

COMMENT ON FUNCTION audit_make_ready(regclass, regclass) IS 'Before rows are copied to a successor: checks it, ..';

-- 005 and its rollback replace the audit tables: no row may be missing then, nor what others gave the tables, or after
-- a rollback at night the application could write no audit row. Of rights on rows only SELECT and INSERT go over to
-- anybody but the owner. It lives here because both flavours of 005 need it.
CREATE FUNCTION audit_carry_over(p_old regclass, p_new regclass) RETURNS void
LANGUAGE plpgsql SET search_path = public, pg_temp SET row_security = off SET quote_all_identifiers = off
AS $$
DECLARE
    old_rel pg_class;
    new_rel pg_class;
    before bigint;
    after bigint;
    published record;
    lost record;
    statistics record;
    statement text;
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'only a read committed transaction sees the rows that were written until the lock was had'
            USING ERRCODE = 'EM001';
    END IF;
    SELECT * INTO STRICT old_rel FROM pg_class WHERE oid = p_old;
    SELECT * INTO STRICT new_rel FROM pg_class WHERE oid = p_new;
    EXECUTE format('SELECT (SELECT count(*) FROM %s), (SELECT count(*) FROM %s)', p_old, p_new) INTO before, after;
    IF before <> after AND new_rel.relkind <> 'm' THEN -- a report may have been out of date
        RAISE EXCEPTION '% has % rows and % has %', p_old, before, p_new, after USING ERRCODE = 'EM001';
    END IF;
    IF EXISTS (SELECT FROM pg_index WHERE indisreplident AND NOT indisprimary
               AND (indrelid = p_old OR indrelid IN (SELECT inhrelid FROM pg_inherits WHERE inhparent = p_old))) THEN
        RAISE EXCEPTION 'rows of % are known to subscribers by an index of its own, which goes with it', p_new
            USING ERRCODE = 'EM001',
                  HINT = 'Set REPLICA IDENTITY to DEFAULT or FULL (ALTER TABLE), then start it again.';
    END IF;
    FOR published IN -- as jsonb, because column lists and row filters came with 15
        SELECT p.pubname, EXISTS (
            SELECT FROM pg_publication_rel AS r WHERE (r.prpubid, r.prrelid) = (p.oid, p_old)
            AND coalesce(to_jsonb(r) ->> 'prattrs', to_jsonb(r) ->> 'prqual') IS NOT NULL
        ) AS filtered
        FROM pg_publication_tables AS t JOIN pg_publication AS p ON p.pubname = t.pubname
        WHERE (t.schemaname, t.tablename) = ('public', old_rel.relname) AND new_rel.relkind = 'p' AND NOT p.pubviaroot
        ORDER BY filtered DESC, p.pubname
    LOOP
        IF published.filtered THEN
            RAISE EXCEPTION 'publication % sends only some columns or rows of %, which it cannot of single partitions',
                quote_ident(published.pubname), p_new
                USING ERRCODE = 'EM001',
                      HINT = format('Let it send them under the name of the table (ALTER PUBLICATION %I SET '
                                    '(publish_via_partition_root = true)), then start it again.', published.pubname);
        END IF;
        RAISE WARNING 'publication % sends rows of % under the names of their partitions from now on, and a subscriber '
                      'without such tables stops: ALTER PUBLICATION % SET (publish_via_partition_root = true)',
            quote_ident(published.pubname), p_new, quote_ident(published.pubname)
            USING ERRCODE = 'EM002';
    END LOOP;

    FOR lost IN
        SELECT quote_ident(conname) AS name, pg_get_constraintdef(oid) AS definition
        FROM pg_constraint WHERE conrelid = p_old AND contype = 'f' AND conparentid = 0 ORDER BY conname
    LOOP
        RAISE WARNING 'foreign key % of % is gone: ALTER TABLE % ADD CONSTRAINT % %',
            lost.name, p_new, p_new, lost.name, lost.definition
            USING ERRCODE = 'EM002';
    END LOOP;

    FOR statement IN
        WITH relation AS ( -- with its partitions
            SELECT p_new AS relid, true AS leaf WHERE new_rel.relkind <> 'p'
            UNION ALL
            SELECT t.relid, t.isleaf FROM pg_partition_tree(p_new) AS t WHERE new_rel.relkind = 'p'
        ), template AS ( -- what a partitioned table cannot have, its DEFAULT partition stands for
            SELECT c.reloptions, c.relreplident FROM pg_class AS c WHERE c.oid = coalesce(
                (SELECT nullif(t.partdefid, 0) FROM pg_partitioned_table AS t WHERE t.partrelid = p_old), p_old)
        ), held AS (
            SELECT NULL::name AS column_name, x.*
            FROM aclexplode(coalesce(old_rel.relacl, acldefault('r', old_rel.relowner))) AS x
            UNION ALL
            SELECT a.attname, x.*
            FROM pg_attribute AS a CROSS JOIN aclexplode(a.attacl) AS x
            WHERE a.attrelid = p_old AND NOT a.attisdropped
        ), rights AS (
            SELECT * FROM held
            WHERE grantee = old_rel.relowner OR privilege_type IN ('SELECT', 'INSERT') OR new_rel.relkind = 'm'
        ), holders AS (SELECT x.grantee FROM aclexplode(new_rel.relacl) AS x UNION SELECT old_rel.relowner)
        SELECT s FROM (
            SELECT 1, format('ALTER TABLE %s OWNER TO %s', relid, old_rel.relowner::regrole) FROM relation
            UNION ALL
            SELECT 2, format('REVOKE ALL ON %s FROM %s', p_new,
                             CASE grantee WHEN 0 THEN 'PUBLIC' ELSE grantee::regrole::text END) FROM holders
            UNION ALL
            SELECT 3, format('GRANT %s%s ON %s TO %s%s', privilege_type, ' (' || quote_ident(column_name) || ')', p_new,
                             CASE grantee WHEN 0 THEN 'PUBLIC' ELSE grantee::regrole::text END,
                             CASE WHEN is_grantable THEN ' WITH GRANT OPTION' END) FROM rights
            UNION ALL
            SELECT 4, format('COMMENT ON %s %s%s IS %L',
                             CASE WHEN d.objsubid > 0 THEN 'COLUMN'
                             WHEN new_rel.relkind = 'm' THEN 'MATERIALIZED VIEW' ELSE 'TABLE' END,
                             p_new, '.' || quote_ident(a.attname), d.description)
            FROM pg_description AS d
            LEFT JOIN pg_attribute AS a ON a.attrelid = d.objoid AND a.attnum = nullif(d.objsubid, 0)
            WHERE d.objoid = p_old AND d.classoid = 'pg_class'::regclass
            UNION ALL
            SELECT 5, format('ALTER TABLE %s SET (%s)', relid,
                             (SELECT string_agg(format('%s = %L', option_name, option_value), ', ')
                              FROM pg_options_to_table(template.reloptions)))
            FROM relation CROSS JOIN template WHERE leaf AND template.reloptions IS NOT NULL
            UNION ALL
            SELECT 5, format('ALTER TABLE %s REPLICA IDENTITY %s', relid,
                             CASE template.relreplident WHEN 'f' THEN 'FULL' ELSE 'NOTHING' END)
            FROM relation CROSS JOIN template WHERE template.relreplident IN ('f', 'n')
            UNION ALL
            SELECT 5, format('ALTER TABLE %s ALTER COLUMN %I SET STATISTICS %s', p_new, attname, attstattarget)
            FROM pg_attribute WHERE attrelid = p_old AND attstattarget >= 0 AND attnum > 0 AND NOT attisdropped
            UNION ALL
            SELECT 5, format('ALTER TABLE %s ALTER COLUMN %I SET (%s)', p_new, attname,
                             (SELECT string_agg(format('%s = %L', option_name, option_value), ', ')
                              FROM pg_options_to_table(attoptions)))
            FROM pg_attribute WHERE attrelid = p_old AND attoptions IS NOT NULL AND NOT attisdropped
            UNION ALL
            SELECT 5, format('ALTER SEQUENCE %s OWNED BY %s.%I', c.oid::regclass, p_new, a.attname)
            FROM pg_depend AS d JOIN pg_class AS c ON c.oid = d.objid AND c.relkind = 'S'
            JOIN pg_attribute AS a ON (a.attrelid, a.attnum) = (d.refobjid, d.refobjsubid)
            WHERE d.refobjid = p_old AND d.deptype = 'a' AND d.classid = 'pg_class'::regclass
            UNION ALL
            SELECT 5, format('SELECT setval(%L, last_value, is_called) FROM %s',
                             pg_get_serial_sequence(p_new::text, attname), pg_get_serial_sequence(p_old::text, attname))
            FROM pg_attribute WHERE attrelid = p_old AND attidentity <> '' AND NOT attisdropped
            UNION ALL
            SELECT 5, format('ALTER TABLE %s ADD CONSTRAINT %I %s', p_new, conname, pg_get_constraintdef(oid))
            FROM pg_constraint WHERE conrelid = p_old AND contype IN ('c', 'n') AND NOT convalidated
            UNION ALL
            SELECT 6, format('ALTER PUBLICATION %I ADD TABLE %s%s%s', p.pubname, p_new,
                             CASE WHEN to_jsonb(r) ->> 'prattrs' IS NOT NULL THEN
                                 (SELECT format(' (%s)', string_agg(quote_ident(c), ', '))
                                  FROM jsonb_array_elements_text(to_jsonb(t) -> 'attnames') AS c) END,
                             ' WHERE ' || (to_jsonb(t) ->> 'rowfilter'))
            FROM pg_publication_rel AS r
            JOIN pg_publication AS p ON p.oid = r.prpubid
            LEFT JOIN pg_publication_tables AS t
                ON (t.pubname, t.schemaname, t.tablename) = (p.pubname, 'public', old_rel.relname)
            WHERE r.prrelid = p_old
            UNION ALL
            SELECT 7, replace(pg_get_triggerdef(t.oid),
                              format(' ON %s.%I ', old_rel.relnamespace::regnamespace, old_rel.relname),
                              format(' ON %s.%I ', new_rel.relnamespace::regnamespace, new_rel.relname))
            FROM pg_trigger AS t JOIN pg_proc AS f ON f.oid = t.tgfoid
            WHERE t.tgrelid = p_old AND NOT t.tgisinternal
              AND f.pronamespace::regnamespace::text NOT LIKE '\_timescaledb%'
            UNION ALL
            SELECT 8, format('ALTER TABLE %s %s TRIGGER %I', p_new, CASE tgenabled
                             WHEN 'D' THEN 'DISABLE' WHEN 'R' THEN 'ENABLE REPLICA' ELSE 'ENABLE ALWAYS' END, tgname)
            FROM pg_trigger WHERE tgrelid = p_old AND NOT tgisinternal AND tgenabled <> 'O'
            UNION ALL
            -- A query inside a policy calls both tables by their names, which are the old ones here; texts stay.
            SELECT 9, format('CREATE POLICY %I ON %s AS %s FOR %s TO %s', p.polname, p_new,
                             CASE WHEN p.polpermissive THEN 'PERMISSIVE' ELSE 'RESTRICTIVE' END,
                             CASE p.polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE'
                             WHEN 'd' THEN 'DELETE' ELSE 'ALL' END,
                             (SELECT string_agg(CASE role WHEN 0 THEN 'PUBLIC' ELSE role::regrole::text END, ', ')
                              FROM unnest(p.polroles) AS role))
                || (SELECT string_agg(CASE place % 2 WHEN 0 THEN part ELSE regexp_replace(
                               part, '\m(audit_logs|audit_log_details)_old\M', '\1', 'g') END, '''' ORDER BY place)
                    FROM regexp_split_to_table(
                        coalesce(' USING (' || pg_get_expr(p.polqual, p_old) || ')', '')
                        || coalesce(' WITH CHECK (' || pg_get_expr(p.polwithcheck, p_old) || ')', ''), ''''
                    ) WITH ORDINALITY AS x (part, place))
            FROM pg_policy AS p WHERE p.polrelid = p_old
            UNION ALL
            SELECT 10, format('DROP POLICY %I ON %s', polname, p_old) -- or the other old table could not be dropped
            FROM pg_policy WHERE polrelid = p_old
            UNION ALL
            SELECT 10, format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', p_new) WHERE old_rel.relrowsecurity
            UNION ALL
            SELECT 10, format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', p_new) WHERE old_rel.relforcerowsecurity
            UNION ALL
            SELECT 11, format('COMMENT ON TRIGGER %I ON %s IS %L', t.tgname, p_new, d.description)
            FROM pg_trigger AS t JOIN pg_description AS d ON (d.classoid, d.objoid) = ('pg_trigger'::regclass, t.oid)
            WHERE t.tgrelid = p_old AND NOT t.tgisinternal
            UNION ALL
            SELECT 11, format('COMMENT ON CONSTRAINT %I ON %s IS %L', conname, p_new,
                              obj_description(oid, 'pg_constraint'))
            FROM pg_constraint WHERE conrelid = p_old AND contype IN ('c', 'n') AND NOT convalidated
            UNION ALL
            SELECT 11, format('COMMENT ON POLICY %I ON %s IS %L', p.polname, p_new, d.description)
            FROM pg_policy AS p JOIN pg_description AS d ON (d.classoid, d.objoid) = ('pg_policy'::regclass, p.oid)
            WHERE p.polrelid = p_old
        ) AS work (step, s) ORDER BY step
    LOOP
        EXECUTE statement;
    END LOOP;

    -- Whoever works with the planner may have made them, in a schema of his own: they stop no rollback at night.
    FOR statistics IN
        SELECT own.name, made.s AS made,
               format('ALTER STATISTICS %s OWNER TO %s', own.name, e.stxowner::regrole) AS given, concat_ws('; ',
                   'DROP STATISTICS ' || own.name, made.s, -- two cannot have its name
                   'ALTER STATISTICS ' || own.name || ' SET STATISTICS ' || nullif(e.stxstattarget, -1),
                   'COMMENT ON STATISTICS ' || own.name || ' IS '
                   || quote_literal(obj_description(e.oid, 'pg_statistic_ext'))) AS again
        FROM pg_statistic_ext AS e CROSS JOIN LATERAL (
            SELECT format('%s.%I', e.stxnamespace::regnamespace, e.stxname) AS name
        ) AS own CROSS JOIN LATERAL (
            SELECT regexp_replace(pg_get_statisticsobjdef(e.oid), '\S+$', p_new::text) AS s
        ) AS made
        WHERE e.stxrelid = p_old
    LOOP
        BEGIN
            EXECUTE statistics.again;
            BEGIN
                EXECUTE statistics.given;
            EXCEPTION WHEN insufficient_privilege THEN
                RAISE WARNING 'statistics % of % belong to % now; a superuser may change that: %',
                    statistics.name, p_new, quote_ident(current_user), statistics.given
                    USING ERRCODE = 'EM002';
            END;
        EXCEPTION WHEN insufficient_privilege THEN
            RAISE WARNING 'statistics % of % are gone, because % may not make them; a superuser may: %',
                statistics.name, p_new, quote_ident(current_user), statistics.made
                USING ERRCODE = 'EM002';
        END;
    END LOOP;

    PERFORM set_config('emr.said_of_indexes', (
        SELECT coalesce(nullif(current_setting('emr.said_of_indexes', true), ''), '[]')::jsonb
            || coalesce(jsonb_agg(jsonb_build_object(
                   'table', p_new::text, 'index', c.relname, 'of_index', obj_description(c.oid, 'pg_class'),
                   'of_constraint', obj_description(k.oid, 'pg_constraint'))), '[]')
        FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indexrelid LEFT JOIN pg_constraint AS k ON k.conindid = c.oid
        WHERE i.indrelid = p_old
    )::text, true);
END
$$;

COMMENT ON FUNCTION audit_carry_over(regclass, regclass) IS 'Checks a successor''s rows and gives it owner, rights, ..';

-- Indexes of successors are made last, so what was said of their namesakes can be said again only then.
CREATE FUNCTION audit_describe_indexes() RETURNS void
LANGUAGE plpgsql SET search_path = public, pg_temp
AS $$
DECLARE
    statement text;
BEGIN
    FOR statement IN
        SELECT s
        FROM jsonb_to_recordset(current_setting('emr.said_of_indexes')::jsonb)
            AS old ("table" regclass, index name, of_index text, of_constraint text)
        JOIN pg_class AS c ON c.oid = to_regclass(quote_ident(old.index))
        JOIN pg_index AS i ON i.indexrelid = c.oid AND i.indrelid = old."table"
        LEFT JOIN pg_constraint AS k ON k.conindid = c.oid
        CROSS JOIN LATERAL (VALUES
            ('COMMENT ON INDEX ' || c.oid::regclass || ' IS ' || quote_literal(of_index)),
            ('COMMENT ON CONSTRAINT ' || quote_ident(k.conname) || ' ON ' || k.conrelid::regclass
             || ' IS ' || quote_literal(of_constraint))
        ) AS work (s)
        WHERE s IS NOT NULL
    LOOP
        EXECUTE statement;
    END LOOP;
END
$$;

COMMENT ON FUNCTION audit_describe_indexes() IS 'After audit_carry_over: comments on the indexes that it has seen';

CREATE MATERIALIZED VIEW emr_verification_report AS
SELECT
    emr_system,
    date_trunc('hour', created_at, 'UTC') AS time_bucket,
    count(*) AS verification_count,
    count(*) FILTER (WHERE action = 'EMR_VERIFY') AS successful_verifications,
    avg(CASE
        WHEN jsonb_typeof(metadata -> 'response_time_ms') = 'number' THEN (metadata ->> 'response_time_ms')::numeric
        WHEN jsonb_typeof(metadata -> 'response_time') = 'number' THEN (metadata ->> 'response_time')::numeric
    END) AS avg_response_time
FROM audit_logs
WHERE action IN ('EMR_VERIFY', 'EPIC_VERIFY', 'CERNER_VERIFY') AND emr_system IS NOT NULL
GROUP BY emr_system, date_trunc('hour', created_at, 'UTC');

CREATE UNIQUE INDEX idx_emr_verification_report ON emr_verification_report (emr_system, time_bucket);
COMMENT ON MATERIALIZED VIEW emr_verification_report IS 'Verifications by EMR and hour (UTC), as of the last refresh';

CREATE MATERIALIZED VIEW compliance_audit_summary AS
SELECT
    (created_at AT TIME ZONE 'UTC')::date AS audit_date,
    entity_type,
    action,
    count(*) AS action_count,
    count(DISTINCT user_id) AS unique_users,
    count(DISTINCT emr_patient_id) AS affected_patients
FROM audit_logs
GROUP BY (created_at AT TIME ZONE 'UTC')::date, entity_type, action;

CREATE UNIQUE INDEX idx_compliance_audit_summary ON compliance_audit_summary (audit_date, entity_type, action);
COMMENT ON MATERIALIZED VIEW compliance_audit_summary IS 'Events by day (UTC) and entity, as of the last refresh';

-- Default privileges may have given others more than SELECT and INSERT the moment the tables were made. A trigger of
-- theirs would run as whoever writes and could swallow the row; a foreign key of theirs would stop retention.
DO $$
DECLARE
    statement text;
BEGIN
    FOR statement IN
        SELECT format('REVOKE %s ON %s FROM %s', x.privilege_type, c.oid::regclass,
                      CASE x.grantee WHEN 0 THEN 'PUBLIC' ELSE x.grantee::regrole::text END)
        FROM pg_class AS c CROSS JOIN aclexplode(c.relacl) AS x
        WHERE c.oid IN ('audit_logs'::regclass, 'audit_log_details'::regclass)
          AND x.grantee <> c.relowner AND x.privilege_type NOT IN ('SELECT', 'INSERT')
    LOOP
        EXECUTE statement;
    END LOOP;
END
$$;

-- The rows then belong to a role that cannot sign in. `emr-console roles apply` does the same where this role may not.
DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'emr_audit_owner')
       AND pg_has_role(current_user, 'emr_audit_owner', 'USAGE')
       AND has_schema_privilege('emr_audit_owner', 'public', 'CREATE') THEN
        ALTER TABLE audit_logs OWNER TO emr_audit_owner;
        ALTER TABLE audit_log_details OWNER TO emr_audit_owner;
        ALTER FUNCTION audit_trigger_func() OWNER TO emr_audit_owner;
    END IF;
END
$$;
