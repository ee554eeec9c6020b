-- 003 holds: three clock columns, two checks, two indexes and one trigger on each of the three tables.
WITH wanted_columns (tab, columns) AS (VALUES
    ('tasks',
     'vector_clock_node_id varchar(50) not null, vector_clock_counter bigint not null, '
     'vector_clock_timestamp bigint not null'),
    ('handovers',
     'vector_clock_node_id varchar(50) not null, vector_clock_counter bigint not null, '
     'vector_clock_timestamp bigint not null'),
    ('emr_verifications',
     'vector_clock_node_id varchar(50) not null, vector_clock_counter bigint not null, '
     'vector_clock_timestamp bigint not null')
), wanted_constraints (tab, con, def) AS (VALUES
    ('tasks', 'chk_tasks_vector_clock_counter_positive', 'CHECK ((vector_clock_counter >= 0))'),
    ('tasks', 'chk_tasks_vector_clock_timestamp_positive', 'CHECK ((vector_clock_timestamp > 0))'),
    ('handovers', 'chk_handovers_vector_clock_counter_positive', 'CHECK ((vector_clock_counter >= 0))'),
    ('handovers', 'chk_handovers_vector_clock_timestamp_positive', 'CHECK ((vector_clock_timestamp > 0))'),
    ('emr_verifications', 'chk_emr_verifications_vector_clock_counter_positive',
     'CHECK ((vector_clock_counter >= 0))'),
    ('emr_verifications', 'chk_emr_verifications_vector_clock_timestamp_positive',
     'CHECK ((vector_clock_timestamp > 0))')
), wanted_indexes (idx, def) AS (VALUES
    ('idx_tasks_vector_clock', 'btree (vector_clock_node_id, vector_clock_counter, vector_clock_timestamp)'),
    ('idx_tasks_vector_timestamp', 'brin (vector_clock_timestamp)'),
    ('idx_handovers_vector_clock', 'btree (vector_clock_node_id, vector_clock_counter, vector_clock_timestamp)'),
    ('idx_handovers_vector_timestamp', 'brin (vector_clock_timestamp)'),
    ('idx_emr_verifications_vector_clock',
     'btree (vector_clock_node_id, vector_clock_counter, vector_clock_timestamp)'),
    ('idx_emr_verifications_vector_timestamp', 'brin (vector_clock_timestamp)')
), wanted_triggers (tab, trg, def) AS (VALUES
    ('tasks', 'trg_tasks_vector_clock_timestamp',
     'BEFORE INSERT OR UPDATE FOR EACH ROW EXECUTE FUNCTION update_vector_clock_timestamp()'),
    ('handovers', 'trg_handovers_vector_clock_timestamp',
     'BEFORE INSERT OR UPDATE FOR EACH ROW EXECUTE FUNCTION update_vector_clock_timestamp()'),
    ('emr_verifications', 'trg_emr_verifications_vector_clock_timestamp',
     'BEFORE INSERT OR UPDATE FOR EACH ROW EXECUTE FUNCTION update_vector_clock_timestamp()')
)
SELECT 'columns of ' || w.tab AS name, coalesce(string_to_array(w.columns, ', ') <@ f.columns, false) AS ok,
       w.columns AS expected, array_to_string(f.columns, ', ') AS found
FROM wanted_columns AS w CROSS JOIN LATERAL (
    SELECT array_agg(concat_ws(' ', a.attname, replace(replace(format_type(a.atttypid, a.atttypmod),
               'character varying', 'varchar'), 'timestamp with time zone', 'timestamptz'),
               CASE WHEN a.attnotnull THEN 'not null' END) ORDER BY a.attnum) AS columns
    FROM pg_attribute AS a WHERE a.attrelid = to_regclass(w.tab) AND a.attnum > 0 AND NOT a.attisdropped
) AS f
UNION ALL
SELECT 'constraint ' || w.con, coalesce(pg_get_constraintdef(k.oid) = w.def AND k.convalidated, false),
       w.def, pg_get_constraintdef(k.oid) || CASE WHEN k.convalidated THEN '' ELSE ' NOT VALID' END
FROM wanted_constraints AS w LEFT JOIN pg_constraint AS k
    ON k.conrelid = to_regclass(w.tab) AND k.conname = w.con
UNION ALL
SELECT 'index ' || w.idx, coalesce(f.def = w.def AND i.indisvalid, false),
       w.def, f.def || CASE WHEN i.indisvalid THEN '' ELSE ' INVALID' END
FROM wanted_indexes AS w LEFT JOIN pg_index AS i ON i.indexrelid = to_regclass(w.idx)
CROSS JOIN LATERAL (SELECT regexp_replace(pg_get_indexdef(i.indexrelid), '^.* USING ', '') AS def) AS f
UNION ALL
SELECT 'trigger ' || w.trg, coalesce(f.def = w.def AND t.tgenabled IN ('O', 'A'), false),
       w.def, f.def || CASE WHEN t.tgenabled IN ('O', 'A') THEN '' ELSE ' (not enabled)' END
FROM wanted_triggers AS w LEFT JOIN pg_trigger AS t ON t.tgrelid = to_regclass(w.tab) AND t.tgname = w.trg
CROSS JOIN LATERAL (
    SELECT regexp_replace(pg_get_triggerdef(t.oid), '^CREATE TRIGGER \S+ (.*) ON \S+ (FOR EACH .*)$', '\1 \2') AS def
) AS f;
