-- Those whom sessions.sql leaves out because they sleep as before, in as few bytes as that can be proved in. Both read what
-- the server told of its backends when the first of them asked: they are asked in one pipeline, which is one transaction.
select clock_timestamp() as as_of,
       coalesce(array_agg(a.pid), '{}') as pids,
       coalesce(sum(/* include fingerprint */), 0) as fingerprint
  from pg_stat_activity a
 where (/* include connected */)
   and (/* include asleep */)
