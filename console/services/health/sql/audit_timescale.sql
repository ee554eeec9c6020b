-- The same of hypertables. Compressed rows lie in relations of TimescaleDB's own, which inherit from nothing and have no
-- trigger: whoever may change those changes audit rows. They are found by the number that their names begin with.
with recursive
/* include audit_inherited */,
compressing as (
    select i.root, i.table, to_jsonb(h) ->> 'compressed_hypertable_id' as number
      from inherited i
      join pg_class c using (oid)
      join pg_namespace n on n.oid = c.relnamespace
      join _timescaledb_catalog.hypertable h on (h.schema_name, h.table_name) = (n.nspname, c.relname)
     where i.top
), relation as (
    select * from inherited
     union all
    select c.oid, k.root, k.table, false, true
      from compressing k
      join pg_class c on c.relname like any (array['\_compressed\_hypertable\_' || k.number,
                                                   'compress\_hyper\_' || k.number || '\_%%'])
      join pg_namespace n on n.oid = c.relnamespace and n.nspname = '_timescaledb_internal'
     where c.relkind = 'r'
),
/* include audit */
