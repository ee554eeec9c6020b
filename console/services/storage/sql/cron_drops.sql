-- Jobs of pg_cron in this database whose commands drop or delete, and the tables that they name. Beside a retention
-- policy that is a second mechanism. A role sees only its own jobs here, unless it ignores row security.
select j.jobid as id,
       array(select t.name
               from unnest(%(tables)s::text[]) as t (name)
              where j.command ~* ('\m' || regexp_replace(t.name, '(\W)', '\\\1', 'g') || '\M')
              union all
             select 'audit' where j.command ~* 'audit_retention') as tables,
       j.schedule,
       j.active
  from cron.job j
 where j.database = current_database()
   and j.command ~* '\m(drop|drop_chunks|delete|detach|truncate)\M|retention'
 order by j.jobid
