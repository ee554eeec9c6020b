-- The migration is gone, in the transaction that undid it; what was known of it stays in the event.
with gone as (
    delete from emr_console.migration as m where version = %(version)s returning m.*
)
insert into emr_console.event (run_id, version, kind, operator, detail)
select %(run)s, version, 'rolled_back', %(operator)s,
       to_jsonb(gone) - '{up_text,down_text,verify_text}'::text[] || jsonb_build_object('down_run', %(down_text)s::text)
  from gone
