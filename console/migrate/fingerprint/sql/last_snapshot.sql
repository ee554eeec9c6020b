-- When the schema was last seen as a run of ours had left it. Its objects are fetched only where something has changed.
select id, taken_at, run_id, version, sha256 from emr_console.snapshot order by id desc limit 1
