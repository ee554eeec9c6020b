-- A rollback that failed and was rolled back whole: the migration is applied as before.
with failed as (
    update emr_console.migration set state = 'rollback_failed_clean', last_error = %(error)s::jsonb
     where version = %(version)s
    returning version, last_error
)
insert into emr_console.event (run_id, version, kind, operator, detail)
select %(run)s, version, 'rollback_failed', %(operator)s, last_error from failed
