-- From when on a hypertable can have rows, without reading any; not from before year 1, as first.sql says.
select case when min(c.range_start) < '0001-01-01 00:00:00+00'::timestamptz then '0001-01-01 00:00:00+00'::timestamptz
            else min(c.range_start) end as oldest
  from timescaledb_information.chunks c
 where c.hypertable_schema = 'public'
   and c.hypertable_name = 'audit_logs'
