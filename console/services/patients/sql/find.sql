-- Patients by a number, a date of birth or how a name begins; each by its own index. A parameter that is null is gone before
-- anything is planned. `^@` takes its word as it is, where LIKE would read signs into it; from PostgreSQL 15 on it uses
-- idx_patients_name where names are sorted by bytes (collation C), elsewhere it costs a comparison a patient.
select /* include masked */
  from (
    select hit.id, min(hit.rank) as rank
      from (
        select a.id, 0 as rank from public.patients a where a.id = %(id)s::uuid
        union all
        select b.id, 0 from public.patients b where b.mrn = %(word)s::text
        union all
        select c.id, 0
          from public.patients c
         where c.emr_system = any (enum_range(null::public.emr_system)) -- it leads the index
           and c.emr_patient_id = %(word)s::text
        union all
        select d.id, 1
          from public.patients d
         where %(id)s::uuid is null and %(word)s::text is null and d.date_of_birth = %(born)s::date
        union all
        select e.id, 1
          from public.patients e
         where (e.last_name ^@ %(typed)s::text or e.last_name ^@ %(titled)s::text or e.last_name ^@ %(upper)s::text)
           and (%(firsts)s::text[] is null
                or exists (select from unnest(%(firsts)s::text[]) as f (name) where e.first_name ^@ f.name))
      ) as hit
     group by hit.id
  ) as found
  join public.patients p on p.id = found.id
 where %(born)s::date is null or p.date_of_birth = %(born)s::date
 order by found.rank, p.last_name, p.first_name, p.id
 limit %(most)s
