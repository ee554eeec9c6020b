-- A file that ran outside a transaction stopped without a word; this is what its journal and the database, or a person,
-- tell of it.
with settled as (
    update emr_console.migration
       set state = %(state)s, statements_done = coalesce(%(done)s, statements_done), last_error = %(error)s::jsonb
     where version = %(version)s
    returning version, state
)
insert into emr_console.event (run_id, version, kind, operator, detail)
select %(run)s, version, %(kind)s, %(operator)s,
       jsonb_build_object('state', state, 'evidence', %(evidence)s::text)
  from settled
