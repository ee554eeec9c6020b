-- Whether the report of recent audit rows tells of all of them: both sides in one statement, at one moment.
select (select count(*) from public.get_recent_audit_logs(24)) as told,
       (select count(*) from public.audit_logs where created_at > now() - make_interval(hours => 24)) as there
