-- Everything that takes long and says how far it is, one row each: what is done of how much, in the unit of its phase.
-- Vacuum tells of its work on indexes only how often it went through all of them.
with running (pid, datid, relid, command, phase, done, total, unit, other, waits_for) as (
    select pid, datid, relid, 'VACUUM', phase,
           case phase when 'vacuuming heap' then heap_blks_vacuumed when 'scanning heap' then heap_blks_scanned end,
           case when phase in ('vacuuming heap', 'scanning heap') then heap_blks_total end,
           'blocks', null::oid, null::int
      from pg_stat_progress_vacuum
/* include others */
