-- The texts that were applied, for the migrations that are to be rolled back or verified without their files; and their
-- hashes, beside them and in the last event that tells one, of those since it was last rolled back: what runs from here
-- has to be what was written here.
select version, down_text, verify_text,
       down_sha256 || array(select e.detail ->> 'down_sha256' from emr_console.event e
                             where e.version = m.version and e.detail ? 'down_sha256' and e.id > ended.id
                             order by e.id desc limit 1) as down_hashes,
       verify_sha256 || array(select e.detail ->> 'verify_sha256' from emr_console.event e
                               where e.version = m.version and e.detail ? 'verify_sha256' and e.id > ended.id
                               order by e.id desc limit 1) as verify_hashes
  from emr_console.migration m
 cross join lateral (select coalesce(max(r.id), 0) as id from emr_console.event r
                      where r.version = m.version and r.kind = 'rolled_back') ended
 where version = any(%(versions)s)
