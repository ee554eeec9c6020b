-- One patient in clear, for somebody whose reason has been written down. Asked by nothing else.
select p.first_name, p.last_name, p.date_of_birth, p.gender::text as gender, p.mrn::text as mrn,
       p.emr_system::text as system, p.emr_patient_id::text as emr_patient_id, p.phone, p.email
  from public.patients p
 where p.id = %(id)s::uuid
