-- Patients by how a name begins, whatever is upper or lower case in it; no index serves that, so it is asked only when the
-- usual spellings have found nobody.
select /* include masked */
  from public.patients p
 where lower(p.last_name) ^@ lower(%(last)s::text)
   and (%(first)s::text is null or lower(p.first_name) ^@ lower(%(first)s::text))
   and (%(born)s::date is null or p.date_of_birth = %(born)s::date)
 order by p.last_name, p.first_name, p.id
 limit %(most)s
