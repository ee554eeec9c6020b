-- What clients have been running for longer than a moment, the longest first. It needs no extension, so it is there when
-- pg_stat_statements is not; and it shows what those counters cannot: a statement that has not ended yet.
select a.pid,
       a.backend_start,
       a.usename::text as user,
       a.datname::text as database,
       a.application_name as application,
       a.wait_event_type,
       a.wait_event,
       extract(epoch from clock_timestamp() - a.query_start)::float8 as age,
       substring(/* include console.services/sent */ for %(text_bytes)s) as query
  from pg_stat_activity a
 where a.state = 'active'
   and a.backend_type = 'client backend'
   and a.pid <> all(%(ours)s)
   and a.query_start < clock_timestamp() - make_interval(secs => %(seconds)s)
 order by a.query_start, a.pid
 limit %(limit)s
