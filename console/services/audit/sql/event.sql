-- One row of the audit log by its moment and its id, masked. Both ends of the span of one moment stand here: an id alone
-- would be looked for in every chunk. JSON that is too large is not read; how large it is, is. The name of an operator
-- passes where it is the person's own, or that of a role of this server: any other one could be anybody's.
select a.id, a.created_at, a.user_id, a.action, a.entity_type, a.entity_id, a.emr_system as system,
       mask.mrn(a.emr_patient_id) as patient, mask.ip(a.ip_address) as ip, a.session_id, a.request_id,
       mask.agent(a.user_agent) as user_agent,
       mask.changes(a.changes) as changes, pg_column_size(a.changes) as changes_bytes,
       case when a.user_agent like 'emr-console/%%' then mask.own(a.metadata)
            else mask.json(a.metadata) end as metadata,
       coalesce(pg_column_size(a.metadata), 0) as metadata_bytes,
       case when a.user_agent like 'emr-console/%%' and pg_column_size(a.metadata) <= %(largest)s
             and (a.metadata ->> 'operator' = %(operator)s
                  or a.metadata ->> 'operator' in (select rolname from pg_catalog.pg_roles))
            then a.metadata ->> 'operator' end as operator,
       coalesce(pg_column_size(a.emr_context), 0) as context_bytes
  from public.audit_logs a
 where a.created_at >= %(at)s::timestamptz
   and a.created_at <= %(at)s::timestamptz
   and a.id = %(id)s::uuid
