-- Somebody has looked into the audit log, or at a patient: one event, by itself. The id of the user is known beforehand,
-- since whoever may only insert here may not read users.
insert into public.audit_logs (
    action, entity_type, entity_id, user_id, changes, ip_address, user_agent, session_id, request_id, metadata
) values (
    %(action)s, %(entity_type)s, %(entity_id)s::uuid, %(user_id)s::uuid, '{}', host(inet_client_addr()), %(tool)s,
    %(session_id)s::uuid, %(request_id)s::uuid,
    %(metadata)s::jsonb || jsonb_build_object('session_user', session_user, 'client_addr', host(inet_client_addr()))
)
