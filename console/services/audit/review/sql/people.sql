-- The accounts that findings are about.
select id, username from public.users where id = any (%(ids)s::uuid[])
