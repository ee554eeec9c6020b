-- Users whose names begin like this, to complete one that is typed.
select u.id, u.username::text as username
  from public.users u
 where starts_with(u.username::text, %(start)s::text)
 order by u.username
 limit %(most)s
