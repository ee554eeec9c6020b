-- The index that a statement with CONCURRENTLY names; a CREATE names its table, too, and puts the index beside it.
select i.indexrelid::regclass::text as name, i.indisvalid as valid
  from pg_index i
  join pg_class c on c.oid = i.indexrelid
 where case when %(table)s::text is null then i.indexrelid = to_regclass(%(name)s)
            else i.indrelid = to_regclass(%(table)s) and c.relname = (parse_ident(%(name)s))[1] end
