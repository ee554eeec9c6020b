-- What a backfill would do, for --dry-run: the same question as fill.sql asks, of all tasks at once and without a lock.
select count(*) filter (where patients = 1) as matched,
       count(*) filter (where patients = 1 and deleted) as deleted,
       count(*) filter (where patients = 0) as unmatched,
       count(*) filter (where patients > 1) as ambiguous
  from (select count(p.id) as patients, bool_or(p.deleted_at is not null) as deleted
          from tasks t
          left join patients p on p.emr_system = t.emr_system and p.emr_patient_id = t.patient_id
         where t.patient_uuid is null
         group by t.id) as task
