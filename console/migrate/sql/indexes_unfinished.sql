-- Invalid indexes that an interrupted CONCURRENTLY has left: the one that it names, or for a REINDEX the copies that the
-- server calls _ccnew and _ccold.
select i.indexrelid::regclass::text as name, i.indisvalid as valid
  from pg_index i
  join pg_class c on c.oid = i.indexrelid
 where not i.indisvalid
   and i.indrelid = coalesce(to_regclass(%(table)s),
                             (select indrelid from pg_index where indexrelid = to_regclass(%(name)s)))
   and case when %(action)s = 'reindex' then c.relname ~ '_cc(new|old)[0-9]*$'
            else c.relname = (parse_ident(%(name)s))[1] end
 order by 1
