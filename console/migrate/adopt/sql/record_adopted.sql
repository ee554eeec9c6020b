-- A migration that was found in place: as if it had been applied when knex says so, else now; nothing of it was run.
with recorded as (
    insert into emr_console.migration as m
           (version, name, flavour, state, up_sha256, up_tokens_sha256, down_sha256, down_tokens_sha256, verify_sha256,
            up_text, down_text, verify_text, apply_order, batch, applied_at, operator, host, tool_version,
            timescaledb_version, adopted, statements_total, statements_done, run_id)
    values (%(version)s, %(name)s, %(flavour)s, %(state)s, %(up_sha256)s, %(up_tokens_sha256)s, %(down_sha256)s,
            %(down_tokens_sha256)s, %(verify_sha256)s, %(up_text)s, %(down_text)s, %(verify_text)s,
            (select coalesce(max(apply_order), 0) + 1 from emr_console.migration), %(batch)s,
            coalesce(%(applied_at)s::timestamptz, clock_timestamp()), %(operator)s, %(host)s, %(tool_version)s,
            (select extversion from pg_extension where extname = 'timescaledb'), true, %(statements)s, 0, %(run)s)
    on conflict (version) do update
       set (name, flavour, state, up_sha256, up_tokens_sha256, down_sha256, down_tokens_sha256, verify_sha256, up_text,
            down_text, verify_text, apply_order, batch, applied_at, duration, applied_by, operator, host, tool_version,
            server_version, timescaledb_version, adopted, statements_total, statements_done, last_error, run_id)
         = (excluded.name, excluded.flavour, excluded.state, excluded.up_sha256, excluded.up_tokens_sha256,
            excluded.down_sha256, excluded.down_tokens_sha256, excluded.verify_sha256, excluded.up_text,
            excluded.down_text, excluded.verify_text, excluded.apply_order, excluded.batch, excluded.applied_at,
            null, excluded.applied_by, excluded.operator, excluded.host, excluded.tool_version,
            excluded.server_version, excluded.timescaledb_version, true, excluded.statements_total, 0, null,
            excluded.run_id)
    returning version, up_sha256, down_sha256, verify_sha256, batch, applied_at
)
insert into emr_console.event (run_id, version, kind, operator, detail)
select %(run)s, version, 'adopted', %(operator)s,
       jsonb_build_object('up_sha256', up_sha256, 'down_sha256', down_sha256, 'verify_sha256', verify_sha256,
                          'batch', batch, 'applied_at', applied_at, 'reason', %(reason)s::text)
  from recorded
