-- How far the slowest standby is behind. replay_lag is empty where a standby has nothing left to replay; everything but
-- the pid is empty where our role may not look.
select (select r.application_name from pg_stat_replication r order by r.replay_lag desc nulls last limit 1) as standby,
       coalesce(extract(epoch from max(replay_lag)), 0)::float8 as seconds,
       coalesce(bool_or(state is null), false) as hidden
  from pg_stat_replication
