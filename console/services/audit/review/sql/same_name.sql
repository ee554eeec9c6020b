-- Looks at patients of the person's own family name, as far as the name of the account tells it; 2 where the first name
-- is the same, too. Who shares no more than the family name and is cared for by the person's department now is no finding.
-- Names are compared here and leave the server neither way; encrypted ones equal nobody's.
with /* include seen */, /* include care */, people as (
    select id, regexp_replace(regexp_replace(lower(username), '^.*[._-]', ''), '[^a-z]', '', 'g') as family,
           regexp_replace(regexp_replace(lower(username), '[._-].*$', ''), '[^a-z]', '', 'g') as given
      from public.users
), named as (
    select id, regexp_replace(normalize(lower(last_name), nfd), '[^a-z]', '', 'g') as family,
           regexp_replace(normalize(lower(first_name), nfd), '[^a-z]', '', 'g') as given
      from public.patients
     where id in (select patient_id from seen)
)
select c.user_id, c.patient_id, c.unit, c.first_at, c.last_at, c.events,
       case when u.given = p.given then 2 else 1 end::bigint as measure
  from cared c
  join people u on u.id = c.user_id
  join named p on p.id = c.patient_id and p.family = u.family and length(p.family) >= 3
 where u.given = p.given or not c.now
