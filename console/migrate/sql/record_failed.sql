-- An up that failed and was rolled back whole: nothing changed; the row tells why until it is tried again.
with recorded as (
    insert into emr_console.migration as m
           (version, name, flavour, state, up_sha256, up_tokens_sha256, down_sha256, down_tokens_sha256, verify_sha256,
            up_text, down_text, verify_text, operator, host, tool_version, statements_total, statements_done,
            last_error, run_id)
    values (%(version)s, %(name)s, %(flavour)s, 'failed_clean', %(up_sha256)s, %(up_tokens_sha256)s, %(down_sha256)s,
            %(down_tokens_sha256)s, %(verify_sha256)s, %(up_text)s, %(down_text)s, %(verify_text)s, %(operator)s,
            %(host)s, %(tool_version)s, %(statements)s, 0, %(error)s::jsonb, %(run)s)
    on conflict (version) do update
       set (name, flavour, up_sha256, up_tokens_sha256, down_sha256, down_tokens_sha256, verify_sha256, up_text,
            down_text, verify_text, applied_by, operator, host, tool_version, statements_total, last_error, run_id)
         = (excluded.name, excluded.flavour, excluded.up_sha256, excluded.up_tokens_sha256, excluded.down_sha256,
            excluded.down_tokens_sha256, excluded.verify_sha256, excluded.up_text, excluded.down_text,
            excluded.verify_text, excluded.applied_by, excluded.operator, excluded.host, excluded.tool_version,
            excluded.statements_total, excluded.last_error, excluded.run_id)
     where m.state = 'failed_clean'
    returning version, last_error
)
insert into emr_console.event (run_id, version, kind, operator, detail)
select %(run)s, version, 'failed', %(operator)s, last_error from recorded
