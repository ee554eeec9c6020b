-- One row of the audit log in clear, for somebody whose reason has been written down. Asked by nothing else.
select a.emr_patient_id as patient, a.ip_address as ip,
       jsonb_pretty(mask.small(a.changes)) as changes,
       jsonb_pretty(mask.small(a.metadata)) as metadata,
       jsonb_pretty(mask.small(a.emr_context)) as context
  from public.audit_logs a
 where a.created_at >= %(at)s::timestamptz
   and a.created_at <= %(at)s::timestamptz
   and a.id = %(id)s::uuid
