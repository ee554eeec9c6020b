-- The records of the file beside the patients who are there. A patient is found by his mrn and by his identifier in the
-- EMR; both must lead to the same one, and what the file says of him must be what is there. Where it says nothing it
-- contradicts nothing. Values never leave the server.
with placed as materialized (
    select s.line, m.id as by_mrn, e.id as by_emr,
           case when m.id = e.id then array(
               select said.key
                 from (select to_jsonb(s) - 'line' as file, to_jsonb(e) as here offset 0) as row -- made once, not per key
                cross join jsonb_each(row.file) as said
                where said.value <> 'null' and said.value is distinct from row.here -> said.key
           ) end as differing
      from pg_temp.patients_import s
      left join patients m on m.mrn = s.mrn
      left join patients e on e.emr_system = s.emr_system and e.emr_patient_id = s.emr_patient_id
), conflict as materialized (
    select p.line, c.field, c.rule
      from placed p
     cross join lateral (
           select 'mrn' as field, 'is that of a patient with another identifier in the EMR' as rule
            where p.by_mrn is not null and p.by_mrn is distinct from p.by_emr
            union all
           select 'emr_patient_id', 'is that of a patient with another mrn'
            where p.by_emr is not null and p.by_emr is distinct from p.by_mrn
            union all
           select unnest(p.differing), 'is another one than that of the patient who is there') c
)
select count(*) filter (where by_mrn is null and by_emr is null) as new,
       count(*) filter (where by_mrn = by_emr and differing = '{}') as same,
       (select count(distinct line) from conflict) as conflicting,
       (select count(*) from conflict) as total,
       (select coalesce(json_agg(told), '[]')
          from (select line, field, rule from conflict order by line, field limit %(most)s) as told) as findings
  from placed
