-- A user by name or uuid, and where he works.
select u.id, u.username::text as username, d.name::text as department, u.is_active
  from public.users u
  left join public.departments d on d.id = u.department_id
 where u.username = %(user)s::text or u.id::text = lower(%(user)s::text)
 order by u.username = %(user)s::text desc
 limit 1
