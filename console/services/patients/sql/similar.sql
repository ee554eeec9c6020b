-- Patients whose names are similar, the most similar first; by pg_trgm, which an administrator may have put anywhere.
select /* include masked */
  from public.patients p
 where p.last_name operator("{schema}".%%) %(last)s::text
   and (%(first)s::text is null or p.first_name operator("{schema}".%%) %(first)s::text)
   and (%(born)s::date is null or p.date_of_birth = %(born)s::date)
 order by "{schema}".similarity(p.last_name, %(last)s::text) desc, p.last_name, p.first_name, p.id
 limit %(most)s
