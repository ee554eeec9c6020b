-- What the live database has and template0 has not; migrations may rely on it without making it.
select e.extname::text as name, n.nspname::text as place
  from pg_extension e
  join pg_namespace n on n.oid = e.extnamespace
 where e.extname <> 'plpgsql'
 order by e.oid
