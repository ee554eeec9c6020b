-- Takes away records that repeat an identifier of an earlier line of the file, and tells of which.
with twin as materialized (
    select each.line, each.field, each.earliest
      from (select s.line, 'mrn' as field, min(s.line) over (partition by s.mrn) as earliest
              from pg_temp.patients_import s
             union all
            select s.line, 'emr_patient_id', min(s.line) over (partition by s.emr_system, s.emr_patient_id)
              from pg_temp.patients_import s) as each
     where each.line > each.earliest
), gone as (
    delete from pg_temp.patients_import s using (select distinct line from twin) as t where s.line = t.line
    returning s.line
)
select (select count(*) from gone) as lines,
       (select count(*) from twin) as total,
       (select coalesce(json_agg(told), '[]')
          from (select line, field, 'is that of line ' || earliest || ' too' as rule
                  from twin order by line, field limit %(most)s) as told) as findings
