-- Indexes that REINDEX CONCURRENTLY began on a table and did not finish, as SQL spells them.
select x.indexrelid::regclass::text as name
  from pg_index x
  join pg_class c on c.oid = x.indexrelid
 where x.indrelid = %(table)s::regclass and not x.indisvalid and c.relname ~ '_cc(new|old)[0-9]*$'
 order by 1
