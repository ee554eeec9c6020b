-- A rollback that is not done: begun outside a transaction, failed whole or in part. The text of one that is begun so is
-- kept with its run, because going on with it needs the same beginning.
with recorded as (
    update emr_console.migration
       set state = %(state)s, last_error = %(error)s::jsonb, run_id = coalesce(%(chain)s, run_id),
           down_text = coalesce(%(down_text)s, down_text), down_sha256 = coalesce(%(down_sha256)s, down_sha256),
           down_tokens_sha256 = coalesce(%(down_tokens_sha256)s, down_tokens_sha256)
     where version = %(version)s
    returning version, last_error
)
insert into emr_console.event (run_id, version, kind, operator, detail)
select %(run)s, version, %(kind)s, %(operator)s,
       coalesce(last_error, '{}') || jsonb_build_object('statements_done', %(done)s::int)
       || jsonb_strip_nulls(jsonb_build_object('down_sha256', %(down_sha256)s::text))
  from recorded
