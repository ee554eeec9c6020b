-- How far the ledger's own tables are, the flavour that was chosen for this database, the runs without an end: the one
-- that holds the lock now, and those whose process died; and the rows that their last event contradicts, because somebody
-- has changed them by hand. Events only grow, so they are believed. One statement, because the pane asks again and again.
select version, flavour,
       array(select pg_catalog.to_jsonb(r)
               from (select id, kind, operator, host, client_pid, backend_pid, backend_start, started_at, knex_locked
                       from emr_console.run
                      where finished_at is null) r
              order by r.started_at) as runs,
       array(select pg_catalog.to_jsonb(c)
               from (select version, m.state, e.kind, m.up_sha256 <> e.detail ->> 'up_sha256' is true as rehashed
                       from emr_console.migration m
                       full join (select distinct on (version) version, kind, detail
                                    from emr_console.event
                                   where version is not null
                                   order by version, id desc) e using (version)
                      where m.up_sha256 <> e.detail ->> 'up_sha256'
                         or case
                                when e.kind is null then true
                                when e.kind = 'rolled_back' then m.state is not null
                                when e.kind in ('applied', 'adopted') then m.state not in ('applied', 'applied_unverified')
                                when e.kind = 'begun' then m.state not in ('applying', 'rolling_back')
                                when e.kind = 'failed' then m.state not in ('failed_clean', 'failed_partial')
                                when e.kind = 'rollback_failed'
                                then m.state not in ('rollback_failed_clean', 'rollback_failed_partial')
                                when e.kind in ('settled', 'resolved') then m.state <> e.detail ->> 'state'
                                else false -- a newer console's word
                            end is not false) c
              order by c.version) as contradictions
  from emr_console.meta
