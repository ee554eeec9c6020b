-- From when on a hypertable can have rows, without reading any.
select min(c.range_start) as oldest
  from timescaledb_information.chunks c
 where c.hypertable_schema = 'public'
   and c.hypertable_name = 'audit_logs'
