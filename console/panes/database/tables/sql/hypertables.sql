-- Which tables are TimescaleDB's: a hypertable, the table that stands for its compressed chunks, the view of which it
-- holds the rows. The rows of compressed chunks are those that it counted when it compressed them: to the planner such
-- a chunk is empty. Asked only where the extension is.
select c.oid::bigint as oid,
       k.oid::bigint as compressed,
       a.user_view_schema::text as view_schema,
       a.user_view_name::text as view_name,
       coalesce(s.rows, 0) as compressed_rows
  from _timescaledb_catalog.hypertable h
  join pg_namespace n on n.nspname = h.schema_name
  join pg_class c on c.relnamespace = n.oid and c.relname = h.table_name
  left join _timescaledb_catalog.hypertable z on z.id = h.compressed_hypertable_id
  left join (pg_class k join pg_namespace m on m.oid = k.relnamespace)
         on m.nspname = z.schema_name and k.relname = z.table_name
  left join _timescaledb_catalog.continuous_agg a on a.mat_hypertable_id = h.id
  left join (select u.hypertable_id,
                    sum(greatest(0, s.numrows_pre_compression - greatest(0, p.reltuples)))::float8 as rows
               from _timescaledb_catalog.compression_chunk_size s
               join _timescaledb_catalog.chunk u on u.id = s.chunk_id
               join pg_namespace q on q.nspname = u.schema_name
               join pg_class p on p.relnamespace = q.oid and p.relname = u.table_name
              group by u.hypertable_id) s on s.hypertable_id = h.id
 where not exists (select from _timescaledb_catalog.hypertable o where o.compressed_hypertable_id = h.id)
