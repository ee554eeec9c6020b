-- Every job of TimescaleDB with the record of its runs and the process that runs it now. job_stats would leave out the
-- failures in a row, jobs that were never run (before 2.23), and whether anything starts them. A next start of -infinity
-- means that the job is down as running, unless it never ran; only pg_stat_activity tells whether it really does. What a
-- process calls itself is believed unless it is known to be a client. Before 2.20 a refresh names the table behind its
-- aggregate. Blockers are asked only of one that waits for a lock, because the question holds the lock manager for a
-- moment.
with working as materialized (
    select distinct on (a.application_name) a.application_name, a.pid, a.wait_event_type
      from pg_stat_activity a
     where a.datname = current_database()
       and a.backend_type is distinct from 'client backend'
       and a.leader_pid is null
     order by a.application_name, a.backend_start
)
select j.job_id as id,
       j.application_name::text as name,
       j.proc_schema::text as proc_schema,
       j.proc_name::text as proc_name,
       pg_get_userbyid(j.owner::oid)::text as owner,
       coalesce(c.view_schema, j.hypertable_schema)::text as table_schema,
       coalesce(c.view_name, j.hypertable_name)::text as table_name,
       j.scheduled,
       extract(epoch from j.schedule_interval)::float8 as interval,
       nullif(extract(epoch from j.max_runtime), 0)::float8 as max_runtime,
       j.max_retries,
       j.config,
       j.initial_start,
       s.job_id is not null as recorded,
       s.next_start,
       coalesce(s.next_start = '-infinity' and s.last_start > '-infinity', false) as adrift,
       s.last_start,
       s.last_finish,
       s.last_successful_finish as last_success,
       coalesce(s.total_runs, 0) as runs,
       coalesce(s.total_failures, 0) as failures,
       coalesce(s.consecutive_failures, 0) as consecutive_failures,
       coalesce(s.consecutive_crashes, 0) as consecutive_crashes,
       w.pid,
       case when w.wait_event_type = 'Lock' then pg_blocking_pids(w.pid) else '{}' end as blocked_by,
       coalesce(pg_has_role(j.owner::oid, 'member') or pg_has_role(d.datdba, 'member'), false) as errors_visible
  from timescaledb_information.jobs j
  join pg_database d on d.datname = current_database()
  left join _timescaledb_internal.bgw_job_stat s on s.job_id = j.job_id
  left join timescaledb_information.continuous_aggregates c
         on c.materialization_hypertable_schema = j.hypertable_schema
        and c.materialization_hypertable_name = j.hypertable_name
  left join working w on w.application_name = j.application_name
 order by j.job_id
