-- Why an emergency rollback did not come to pass, also where it was refused before it became a run. Sentences of ours,
-- which hold no values.
insert into emr_console.event (run_id, kind, operator, detail)
select r.id, %(kind)s, %(operator)s,
       jsonb_build_object('message', %(message)s::text, 'reason', coalesce(r.reason, %(reason)s))
  from (values (%(run)s::uuid)) as begun (id)
  left join emr_console.run r using (id)
