-- The patients that findings are about, masked.
select p.id, mask.mrn(p.mrn) as mrn from public.patients p where p.id = any (%(ids)s::uuid[])
