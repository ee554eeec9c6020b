-- Whether the audit log is there, and what our role may do with it.
select to_regclass('public.audit_logs') is not null as audit_logs,
       coalesce(has_table_privilege(to_regclass('public.audit_logs'), 'select'), false) as readable,
       not pg_is_in_recovery()
       and coalesce(has_table_privilege(to_regclass('public.audit_logs'), 'insert'), false) as recorded
