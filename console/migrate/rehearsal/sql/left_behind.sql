-- Scratch databases whose maker is gone: named as ours, marked as ours, and ours to drop. pids are used again, so the
-- backend's start must be the same; where it is hidden from us somebody with that pid may still be the maker.
select d.datname::text as name
  from pg_database d
  cross join regexp_match(shobj_description(d.oid, 'pg_database'), '^emr-console rehearsal, backend (\d+) of (.+)$') m
 where d.datname ~ '_emr_scratch_[0-9a-f]{8}$' and m is not null and pg_has_role(d.datdba, 'USAGE')
   and not exists (select from pg_stat_activity a
                    where a.pid = m[1]::int and (a.backend_start is null or a.backend_start = m[2]::timestamptz))
