-- What all statements together have cost, and since when; beside the dearest ones it makes their shares. It reads the
-- counters without their texts: with them the server would read its whole file of texts each time (30 ms, not 3, with
-- 5,000 statements). Two such readings are cheaper than one that is kept for two questions.
-- For an interval `everything` asks for the time of each, to find what is hot among those that were never dear.
-- A statement whose id is hidden from our role can be counted, but not told from another one.
select clock_timestamp() as as_of,
       i.stats_reset as reset,
       i.dealloc as thrown_away,
       s.*
  from "{schema}".pg_stat_statements_info() i
 cross join (select count(*) as entries,
                    coalesce(sum(total_exec_time), 0) / 1000 as total_time,
                    count(*) filter (where queryid is null) as hidden,
                    coalesce(sum(total_exec_time) filter (where queryid is null), 0) / 1000 as hidden_time,
                    array_agg(queryid) filter (where %(everything)s and queryid is not null) as queryids,
                    array_agg((total_exec_time * 1000)::int8)
                        filter (where %(everything)s and queryid is not null) as microseconds
               from "{schema}".pg_stat_statements(false)) s
