-- Whether a table is still the one that was listed: one that was dropped and made anew has another number.
select c.oid::bigint as oid
  from pg_class c
 where c.oid = %(oid)s::oid
