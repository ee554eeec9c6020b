-- What TimescaleDB compresses and drops by itself. Policies of the columnstore keep the old names of procedure and
-- keys. Limits are spans for tables by time and numbers for those by number. A policy on an aggregate names its view
-- from 2.20 on, and before that the table behind it.
select c.oid::bigint as parent,
       j.job_id,
       j.proc_name = 'policy_retention' as drops,
       case when k.kind = 'string' then extract(epoch from (k.after #>> '{}')::interval) end::float8 as after,
       k.after #>> '{}' as written,
       case when k.kind = 'number' then (k.after #>> '{}')::bigint end as after_number,
       case when k.kind = 'string' then now() - (k.after #>> '{}')::interval end as before,
       now() as asked,
       j.config ?| '{drop_created_before,compress_created_before}' as by_birth,
       j.scheduled,
       extract(epoch from j.schedule_interval)::float8 as every,
       j.next_start,
       s.last_successful_finish as last_success
  from timescaledb_information.jobs j
  left join timescaledb_information.continuous_aggregates a
         on a.view_schema = j.hypertable_schema and a.view_name = j.hypertable_name
  join pg_namespace n on n.nspname = coalesce(a.materialization_hypertable_schema, j.hypertable_schema)
  join pg_class c on c.relnamespace = n.oid
                 and c.relname = coalesce(a.materialization_hypertable_name, j.hypertable_name)
  left join _timescaledb_internal.bgw_job_stat s on s.job_id = j.job_id
 cross join lateral (select coalesce(j.config -> 'drop_after', j.config -> 'compress_after',
                                     j.config -> 'drop_created_before',
                                     j.config -> 'compress_created_before') as after) l
 cross join lateral (select l.after, jsonb_typeof(l.after) as kind) k
 where j.proc_name in ('policy_retention', 'policy_compression')
 order by j.job_id
