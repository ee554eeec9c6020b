-- The retention jobs of one table. Whether one is at work now only its worker's name tells, and only to those who may see
-- other roles' sessions.
select j.job_id, j.scheduled,
       exists (select from pg_stat_activity a
                where a.datname = current_database() and a.application_name = j.application_name) as running
  from timescaledb_information.jobs j
 where j.proc_name = 'policy_retention'
   and (j.hypertable_schema, j.hypertable_name) = (%(table_schema)s::name, %(table_name)s::name)
 order by j.job_id
