-- The guide's questions 1 to 3: are the tables, the foreign keys and the indexes of the applied migrations there? Names are
-- compared within their table, since each chunk or partition has the same ones; what belongs to an extension, to a
-- partition, to a migration tool or to a rollback's backup is not counted.
with applied as (
    select v::int as version from unnest(%(versions)s::text[]) v
), wanted_table (version, name) as (values
    (1, 'departments'), (1, 'users'), (1, 'shifts'), (1, 'tasks'), (1, 'emr_verifications'), (1, 'handovers'),
    (2, 'audit_logs'), (2, 'audit_log_details'),
    (4, 'patients'), (4, 'handover_items'), (4, 'handover_templates')
), wanted_key (version, name) as (values
    (1, 'users.users_department_id_foreign'), (1, 'shifts.shifts_department_id_foreign'),
    (1, 'shifts.shifts_supervisor_id_foreign'), (1, 'tasks.tasks_assigned_to_foreign'),
    (1, 'tasks.tasks_created_by_foreign'), (1, 'tasks.tasks_department_id_foreign'),
    (1, 'tasks.tasks_shift_id_foreign'), (1, 'emr_verifications.emr_verifications_task_id_foreign'),
    (1, 'emr_verifications.emr_verifications_verified_by_foreign'), (1, 'handovers.handovers_from_shift_id_foreign'),
    (1, 'handovers.handovers_to_shift_id_foreign'), (1, 'handovers.handovers_initiated_by_foreign'),
    (1, 'handovers.handovers_accepted_by_foreign'), (4, 'handover_items.handover_items_handover_id_foreign'),
    (6, 'tasks.fk_tasks_patient_uuid')
), here as (
    select c.oid, c.relname::text as name
      from pg_class c
     where c.relnamespace = 'public'::regnamespace
       and c.relkind in ('r', 'p')
       and not c.relispartition
       and c.relname not like 'knex\_migrations%%'
       and c.relname !~ '_backup_\d{14}$'
       and not exists (select from pg_depend d where d.objid = c.oid and d.deptype = 'e')
), key as (
    select format('%%s.%%s', h.name, k.conname) as name, k.convalidated
      from pg_constraint k
      join here h on h.oid = k.conrelid
     where k.contype = 'f' and k.conparentid = 0
), index as (
    select i.indexrelid::regclass::text as name, i.indisvalid and i.indisready and i.indislive as valid
      from pg_index i
      join here h on h.oid = i.indrelid
     where h.name in (select name from wanted_table)
)
select 'Q1.1' as id,
       'every table of the applied migrations is there' as name,
       count(*) = count(h.oid) as ok,
       count(*)::text as expected,
       count(h.oid)::text || coalesce(', missing: ' || string_agg(w.name, ', ') filter (where h.oid is null), '') as found,
       'emr-console migrate status' as remedy
  from wanted_table w
  join applied using (version)
  left join here h using (name)
union all
select 'Q1.2', 'tables that no migration has made', true, null, coalesce(string_agg(h.name, ', '), 'none'), null
  from here h
 where h.name not in (select name from wanted_table)
union all
select 'Q2', 'every foreign key of the applied migrations is there and valid',
       count(*) = count(k.name) filter (where k.convalidated),
       count(*)::text,
       count(k.name)::text
         || coalesce(', missing: ' || string_agg(w.name, ', ') filter (where k.name is null), '')
         || coalesce(', not validated: ' || string_agg(w.name, ', ') filter (where not k.convalidated), ''),
       'ALTER TABLE .. VALIDATE CONSTRAINT ..'
  from wanted_key w
  join applied using (version)
  left join key k using (name)
union all
select 'Q3', 'indexes of these tables are there and valid', count(*) >= 30 and bool_and(valid), '30 or more, all valid',
       count(*)::text || coalesce(', invalid: ' || string_agg(name, ', ') filter (where not valid), ', all valid'),
       'REINDEX INDEX CONCURRENTLY ..'
  from index
having (select max(version) from applied) >= 4
 order by 1
