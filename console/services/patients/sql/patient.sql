-- One patient, masked.
select /* include masked */
  from public.patients p
 where p.id = %(id)s::uuid
