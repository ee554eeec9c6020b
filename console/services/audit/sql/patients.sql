-- Which patients a record number, an EMR's id or a uuid means; each by its own index.
select w.word, p.id, p.mrn, p.emr_system::text as system, p.emr_patient_id::text as emr_patient_id
  from unnest(%(words)s::text[]) as w (word)
  join public.patients p
    on p.mrn = w.word
union
select w.word, p.id, p.mrn, p.emr_system::text, p.emr_patient_id::text
  from unnest(%(words)s::text[]) as w (word)
  join public.patients p on p.emr_patient_id = w.word
union
select w.word, p.id, p.mrn, p.emr_system::text, p.emr_patient_id::text
  from (
    select word, case when word ~* '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then word::uuid end as id
      from unnest(%(words)s::text[]) as given (word)
  ) as w
  join public.patients p on p.id = w.id
