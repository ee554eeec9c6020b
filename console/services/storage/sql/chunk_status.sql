-- What TimescaleDB knows of each compressed chunk beyond that: 8 is partly compressed, 2 out of order, 4 frozen. It
-- reads its whole catalogue entry for each, so it is asked when a list is opened and not at each refresh.
select k.oid::bigint as oid,
       _timescaledb_functions.chunk_status(k.oid) as status
  from timescaledb_information.chunks c
  join pg_namespace n on n.nspname = c.chunk_schema
  join pg_class k on k.relnamespace = n.oid and k.relname = c.chunk_name
  join pg_inherits i on i.inhrelid = k.oid
 where c.is_compressed
   and i.inhparent = %(oid)s::oid
