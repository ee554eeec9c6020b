-- What the schema consists of after a run, and the migration that was applied last.
insert into emr_console.snapshot (run_id, version, sha256, objects)
select %(run)s,
       (select version from emr_console.migration where state = any (%(applied)s) order by apply_order desc limit 1),
       %(sha256)s, %(objects)s::jsonb
