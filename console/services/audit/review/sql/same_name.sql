-- Looks at patients of the person's own family name, as far as the name of the account tells it; 2 where the first name
-- is the same, too. Names are compared here and leave the server neither way; encrypted ones equal nobody's.
with /* include seen */, people as (
    select id, regexp_replace(regexp_replace(lower(username), '^.*[._-]', ''), '[^a-z]', '', 'g') as family,
           regexp_replace(regexp_replace(lower(username), '[._-].*$', ''), '[^a-z]', '', 'g') as given
      from public.users
), named as (
    select id, regexp_replace(normalize(lower(last_name), nfd), '[^a-z]', '', 'g') as family,
           regexp_replace(normalize(lower(first_name), nfd), '[^a-z]', '', 'g') as given
      from public.patients
     where id in (select patient_id from seen)
)
select s.user_id, s.patient_id, date_trunc('day', s.created_at, 'UTC') as unit,
       min(s.created_at) as first_at, max(s.created_at) as last_at, count(*) as events,
       max(case when u.given = p.given then 2 else 1 end)::bigint as measure
  from seen s
  join people u on u.id = s.user_id
  join named p on p.id = s.patient_id and p.family = u.family and length(p.family) >= 3
 group by 1, 2, 3
