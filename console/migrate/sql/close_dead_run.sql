-- A run of ours never finished and its lock is free: its process died, its transaction was rolled back by the server.
with closed as (
    update emr_console.run set finished_at = clock_timestamp(), outcome = 'died'
     where id = %(id)s
    returning id, kind
)
insert into emr_console.event (run_id, kind, operator, detail)
select id, 'run_died', %(operator)s, jsonb_build_object('kind', kind) from closed
