-- What the jobs whose last run failed have said since their last good one: alike errors of one job are one row, the last
-- thousand of each job are looked at. A crash has neither an end nor a code. Nothing comes back for jobs of owners whose
-- rights we have not got.
select s.job_id,
       e.sqlstate,
       e.message,
       min(e.at) as first,
       max(e.at) as last,
       count(*)::int as times
  from _timescaledb_internal.bgw_job_stat s
 cross join lateral (select f.sqlerrcode as sqlstate,
                            f.err_message as message,
                            coalesce(f.finish_time, f.start_time) as at
                       from timescaledb_information.job_errors f
                      where f.job_id = s.job_id
                        and coalesce(f.finish_time, f.start_time) > s.last_successful_finish
                      order by f.start_time desc
                      limit 1000) e
 where not s.last_run_success or s.consecutive_crashes > 0
 group by s.job_id, e.sqlstate, e.message
 order by s.job_id, max(e.at) desc
