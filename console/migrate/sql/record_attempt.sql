-- An up that is not applied: begun outside a transaction, failed whole or in part, or in doubt. The row tells how far it
-- came and why it stopped until it is tried again. One that is applied is never touched.
with recorded as (
    insert into emr_console.migration as m
           (version, name, flavour, state, up_sha256, up_tokens_sha256, down_sha256, down_tokens_sha256, verify_sha256,
            up_text, down_text, verify_text, operator, host, tool_version, statements_total, statements_done,
            last_error, run_id)
    values (%(version)s, %(name)s, %(flavour)s, %(state)s, %(up_sha256)s, %(up_tokens_sha256)s, %(down_sha256)s,
            %(down_tokens_sha256)s, %(verify_sha256)s, %(up_text)s, %(down_text)s, %(verify_text)s, %(operator)s,
            %(host)s, %(tool_version)s, %(statements)s, %(done)s, %(error)s::jsonb, %(run)s)
    on conflict (version) do update
       set (name, flavour, state, up_sha256, up_tokens_sha256, down_sha256, down_tokens_sha256, verify_sha256, up_text,
            down_text, verify_text, applied_by, operator, host, tool_version, statements_total, statements_done,
            last_error, run_id)
         = (excluded.name, excluded.flavour, excluded.state, excluded.up_sha256, excluded.up_tokens_sha256,
            excluded.down_sha256, excluded.down_tokens_sha256, excluded.verify_sha256, excluded.up_text,
            excluded.down_text, excluded.verify_text, excluded.applied_by, excluded.operator, excluded.host,
            excluded.tool_version, excluded.statements_total, excluded.statements_done, excluded.last_error,
            excluded.run_id)
     where m.apply_order is null
    returning version, last_error, statements_done, up_sha256, down_sha256, verify_sha256
)
insert into emr_console.event (run_id, version, kind, operator, detail)
select %(run)s, version, %(kind)s, %(operator)s,
       coalesce(last_error, '{}') || jsonb_build_object('statements_done', statements_done, 'up_sha256', up_sha256,
                                                   'down_sha256', down_sha256, 'verify_sha256', verify_sha256)
  from recorded
