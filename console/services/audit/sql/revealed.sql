-- One row of the audit log in clear, for somebody whose reason has been written down. Asked by nothing else.
select a.emr_patient_id as patient, a.ip_address as ip,
       case when pg_column_size(a.changes) <= %(largest)s then jsonb_pretty(a.changes) end as changes,
       case when pg_column_size(a.metadata) <= %(largest)s then jsonb_pretty(a.metadata) end as metadata,
       case when pg_column_size(a.emr_context) <= %(largest)s then jsonb_pretty(a.emr_context) end as context
  from public.audit_logs a
 where a.created_at >= %(at)s::timestamptz
   and a.created_at <= %(at)s::timestamptz
   and a.id = %(id)s::uuid
