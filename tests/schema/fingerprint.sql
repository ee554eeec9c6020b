-- What schema public consists of, one line per fact, in an order that does not depend on oids or attribute numbers: two
-- databases with the same lines have the same schema, names, owners and rights included. Left out: what belongs to an
-- extension, the audit backups that a rollback of 002 keeps, and what only they use.
WITH relation AS (
    SELECT c.* FROM pg_class AS c
    WHERE c.relnamespace = 'public'::regnamespace
      AND c.relname !~ '^audit_log(s|_details)_backup_[0-9]{14}'
      AND NOT EXISTS (SELECT FROM pg_depend AS d
                      WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
), routine AS (
    SELECT p.* FROM pg_proc AS p
    WHERE p.pronamespace = 'public'::regnamespace
      AND NOT EXISTS (SELECT FROM pg_depend AS d
                      WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e')
      AND NOT (EXISTS (SELECT FROM pg_trigger AS t WHERE t.tgfoid = p.oid)
               AND NOT EXISTS (SELECT FROM pg_trigger AS t JOIN relation AS r ON r.oid = t.tgrelid WHERE t.tgfoid = p.oid))
)
SELECT concat_ws(' | ', 'relation', c.relname, c.relkind, 'owner ' || c.relowner::regrole,
                 'rights ' || (SELECT string_agg(x::text, ' ' ORDER BY x::text) FROM unnest(
                     coalesce(c.relacl, acldefault(CASE c.relkind WHEN 'S' THEN 's' ELSE 'r' END::"char", c.relowner))) AS x),
                 'options ' || c.reloptions::text, CASE WHEN c.relrowsecurity THEN 'rls' END,
                 CASE WHEN c.relforcerowsecurity THEN 'forced' END, CASE WHEN NOT c.relispopulated THEN 'empty' END,
                 pg_get_expr(c.relpartbound, c.oid), pg_get_partkeydef(c.oid), obj_description(c.oid, 'pg_class')) AS fact
FROM relation AS c WHERE c.relkind NOT IN ('i', 'I')
UNION ALL
SELECT concat_ws(' | ', 'column', c.relname, row_number() OVER (PARTITION BY c.oid ORDER BY a.attnum), a.attname,
                 format_type(a.atttypid, a.atttypmod), CASE WHEN a.attnotnull THEN 'not null' END,
                 pg_get_expr(d.adbin, d.adrelid), a.attacl::text, a.attoptions::text,
                 'statistics ' || CASE WHEN a.attstattarget >= 0 THEN a.attstattarget END,
                 col_description(c.oid, a.attnum))
FROM relation AS c
JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN pg_attrdef AS d ON d.adrelid = c.oid AND d.adnum = a.attnum
WHERE c.relkind NOT IN ('i', 'I')
UNION ALL
SELECT concat_ws(' | ', 'constraint', c.relname, k.conname, pg_get_constraintdef(k.oid), k.convalidated,
                 obj_description(k.oid, 'pg_constraint'))
FROM relation AS c JOIN pg_constraint AS k ON k.conrelid = c.oid
UNION ALL
SELECT concat_ws(' | ', 'index', c.relname, pg_get_indexdef(i.indexrelid), i.indisvalid, obj_description(c.oid, 'pg_class'))
FROM relation AS c JOIN pg_index AS i ON i.indexrelid = c.oid
UNION ALL
SELECT concat_ws(' | ', 'trigger', c.relname, pg_get_triggerdef(t.oid), t.tgenabled,
                 obj_description(t.oid, 'pg_trigger'))
FROM relation AS c JOIN pg_trigger AS t ON t.tgrelid = c.oid AND NOT t.tgisinternal
JOIN pg_proc AS p ON p.oid = t.tgfoid AND p.pronamespace::regnamespace::text NOT LIKE '\_timescaledb%'
UNION ALL
SELECT concat_ws(' | ', 'policy', p.tablename, p.policyname, p.permissive, p.roles::text, p.cmd,
                 'using ' || p.qual, 'check ' || p.with_check, obj_description(o.oid, 'pg_policy'))
FROM pg_policies AS p JOIN pg_policy AS o ON o.polrelid = format('public.%I', p.tablename)::regclass
    AND o.polname = p.policyname
WHERE p.schemaname = 'public'
UNION ALL
SELECT concat_ws(' | ', 'statistics', c.relname, pg_get_statisticsobjdef(s.oid), 'owner ' || s.stxowner::regrole,
                 CASE WHEN s.stxstattarget >= 0 THEN s.stxstattarget END, obj_description(s.oid, 'pg_statistic_ext'))
FROM relation AS c JOIN pg_statistic_ext AS s ON s.stxrelid = c.oid
UNION ALL
-- TimescaleDB numbers the hidden tables of its aggregates.
SELECT concat_ws(' | ', 'view', c.relname,
                 regexp_replace(pg_get_viewdef(c.oid), '(_materialized_hypertable_|cagg_watermark\()[0-9]+', '\1n', 'g'))
FROM relation AS c WHERE c.relkind IN ('v', 'm')
UNION ALL
SELECT concat_ws(' | ', 'function', p.oid::regprocedure, 'owner ' || p.proowner::regrole, p.proacl::text,
                 pg_get_functiondef(p.oid), obj_description(p.oid, 'pg_proc'))
FROM routine AS p
UNION ALL
SELECT concat_ws(' | ', 'type', t.typname, 'owner ' || t.typowner::regrole,
                 (SELECT string_agg(e.enumlabel, ', ' ORDER BY e.enumsortorder) FROM pg_enum AS e WHERE e.enumtypid = t.oid))
FROM pg_type AS t
WHERE t.typnamespace = 'public'::regnamespace AND t.typtype = 'e'
UNION ALL
SELECT concat_ws(' | ', 'publication', p.pubname, c.relname, to_jsonb(r) ->> 'prattrs', to_jsonb(t) ->> 'rowfilter')
FROM pg_publication_rel AS r
JOIN pg_publication AS p ON p.oid = r.prpubid
JOIN relation AS c ON c.oid = r.prrelid
LEFT JOIN pg_publication_tables AS t ON t.pubname = p.pubname AND t.schemaname = 'public' AND t.tablename = c.relname
ORDER BY fact;
