-- Who the users of these ids or names are. Users whose account is deleted are still in the table; others keep their ids.
select u.id, u.username::text as username
  from public.users u
 where u.id = any (%(ids)s::uuid[])
    or u.username = any (%(names)s::text[])
