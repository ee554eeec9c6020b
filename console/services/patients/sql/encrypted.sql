-- Whether names are ciphertext, by which nobody can be found: a sample says it.
select coalesce(bool_or(looks.encrypted), false) as some, coalesce(bool_and(looks.encrypted), false) as every
  from (
    select mask.name(p.last_name) = 'encrypted' as encrypted
      from (select a.last_name from public.patients a limit 200) as p
  ) as looks
