-- What has been done to the schema, the newest first: each event with the run that it belongs to. The texts that ran
-- stay where they are. Whatever else the console does is in the same table under kinds with a dot (session.terminate).
select e.id, e.at, e.kind, e.version, e.operator, r.host, r.kind as run_kind, r.target,
       coalesce(r.reason, e.detail ->> 'reason') as reason, r.outcome, r.logged_in_as::text as logged_in_as,
       r.acted_as::text as acted_as, r.tool_version, e.run_id, e.detail - 'down_run' as detail
  from emr_console.event e
  left join emr_console.run r on r.id = e.run_id
 where (%(version)s::text is null or e.version = %(version)s)
   and position('.' in e.kind) = 0
 order by e.id desc
 limit %(limit)s
