-- What all statements together have cost, and since when; beside the dearest ones it makes their shares. It reads the
-- counters without their texts: with them the server would read its whole file of texts each time (30 ms, not 3, with
-- 5,000 statements).
select clock_timestamp() as as_of,
       i.stats_reset as reset,
       i.dealloc as thrown_away,
       s.*
  from "{schema}".pg_stat_statements_info() i
 cross join (select /* include sums */
               from "{schema}".pg_stat_statements(false)) s
