-- All that an interval needs, in one reading: with 5,000 statements reading costs 4 ms, and a second one as much again. The
-- time of each statement finds what is hot among those that were never dear. The counters are those of the dearest, which
-- took `least` seconds at least, and of those that are `watched` because an interval has shown them to be hot. The ids are
-- three quarters of all bytes, and mostly those of the last reading, in the same order: then they are not sent.
select clock_timestamp() as as_of,
       i.stats_reset as reset,
       i.dealloc as thrown_away,
       s.entries,
       s.total_time,
       s.hidden,
       s.hidden_time,
       hash_array_extended(s.queryids, 0) as fingerprint,
       case when hash_array_extended(s.queryids, 0) is distinct from %(known)s::int8 then s.queryids end as queryids,
       s.microseconds,
       s.counters
  from "{schema}".pg_stat_statements_info() i
 cross join (select /* include sums */,
                    coalesce(array_agg(queryid) filter (where queryid is not null), '{}') as queryids,
                    coalesce(array_agg((total_exec_time * 1000)::int8) filter (where queryid is not null), '{}')
                        as microseconds,
                    coalesce(json_agg((select c from (select /* include counters */) c))
                                 filter (where queryid is not null
                                           and (watched.id is not null or total_exec_time / 1000 >= %(least)s::float8)),
                             '[]') as counters
               from "{schema}".pg_stat_statements(false)
               left join unnest(%(watched)s::int8[]) as watched (id) on watched.id = queryid) s
