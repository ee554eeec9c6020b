-- The same of a hypertable's chunks: compressed rows lie in a relation of their own, which chunks_detailed_size adds.
select c.oid::bigint as oid,
       s.total_bytes as bytes,
       row_security_active(c.oid) as hidden
  from pg_class c
  join pg_namespace n on n.oid = c.relnamespace
  join "{schema}".chunks_detailed_size(%(parent)s::oid::regclass) s on s.chunk_schema = n.nspname
                                                                  and s.chunk_name = c.relname
 where c.oid = any (%(oids)s::oid[])
