-- What there is at this level of the schema: patients come with 004, tasks lose the EMR's id with 007; and how the oldest
-- row can be found: from the bounds of partitions, unless DEFAULT holds rows, or there are none.
select to_regclass('public.audit_logs') is not null as audit_logs,
       has_table_privilege(to_regclass('public.audit_logs'), 'select') is true as readable,
       to_regclass('public.patients') is not null
       and has_table_privilege(to_regclass('public.patients'), 'select') as patients,
       to_regclass('public.users') is not null
       and has_column_privilege(to_regclass('public.users'), 'id', 'select')
       and has_column_privilege(to_regclass('public.users'), 'username', 'select') as users,
       to_regclass('public.handover_items') is not null
       and has_table_privilege(to_regclass('public.handover_items'), 'select') as handover_items,
       has_table_privilege(to_regclass('public.tasks'), 'select') is true
       and has_table_privilege(to_regclass('public.emr_verifications'), 'select') is true as tasks,
       exists (select from pg_attribute a where a.attrelid = to_regclass('public.tasks')
                 and a.attname = 'patient_uuid' and not a.attisdropped) as tasks_by_uuid,
       exists (select from pg_attribute a where a.attrelid = to_regclass('public.tasks')
                 and a.attname = 'patient_id' and not a.attisdropped) as tasks_by_emr_id,
       exists (select from unnest(array['public.patients', 'public.tasks', 'public.handover_items']) as n (name)
                where row_security_active(to_regclass(n.name))) as rows_hidden,
       clock_timestamp() as now,
       concat_ws(' ', pg_postmaster_start_time(), (select oid from pg_database where datname = current_database()),
                 current_database(), current_user) as whose,
       current_setting('server_encoding') = 'SQL_ASCII' as any_bytes,
       (select min(substring(pg_get_expr(c.relpartbound, c.oid) from $re$FROM \('([^']+)'\)$re$)::timestamptz)
          from pg_inherits i join pg_class c on c.oid = i.inhrelid
         where i.inhparent = to_regclass('public.audit_logs') and c.relpartbound is not null) as oldest_bound,
       coalesce((select c.relpages > 0 or c.reltuples > 0 or pg_relation_size(c.oid) > 0
                   from pg_partitioned_table p join pg_class c on c.oid = p.partdefid
                  where p.partrelid = to_regclass('public.audit_logs')), false) as default_in_use
