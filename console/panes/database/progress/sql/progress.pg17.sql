-- Everything that takes long and says how far it is, one row each: what is done of how much, in the unit of its phase.
-- From PostgreSQL 17 on vacuum tells how many of the indexes it has been through.
with running (pid, datid, relid, command, phase, done, total, unit, other, waits_for) as (
    select pid, datid, relid, 'VACUUM', phase,
           case when phase = 'vacuuming heap' then heap_blks_vacuumed
                when phase = 'scanning heap' then heap_blks_scanned
                when phase in ('vacuuming indexes', 'cleaning up indexes') then indexes_processed end,
           case when phase in ('vacuuming heap', 'scanning heap') then heap_blks_total
                when phase in ('vacuuming indexes', 'cleaning up indexes') then indexes_total end,
           case when phase like '%%index%%' then 'indexes' else 'blocks' end, null::oid, null::int
      from pg_stat_progress_vacuum
/* include others */
