-- What the ledger says of each migration; without the texts, which can be large and are needed only for a rollback.
select version, name, flavour, state, up_sha256, up_tokens_sha256, down_sha256, down_tokens_sha256,
       apply_order, batch, applied_at, duration, operator, host, adopted, statements_total, statements_done,
       last_error, run_id,
       (select min(j.statement) from emr_console.journal j
         where (j.run_id, j.version, j.state) = (m.run_id, m.version, 'intent')) as begun
  from emr_console.migration m
 order by apply_order, version
