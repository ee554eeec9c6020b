-- What others had changed in the schema before a run: the run's own snapshot takes it in, and nothing tells of it then.
insert into emr_console.event (run_id, kind, operator, detail)
values (%(run)s, 'drifted', %(operator)s, jsonb_build_object('message', %(message)s::text))
