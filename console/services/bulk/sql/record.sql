-- One audit row about many rows: the nil uuid stands for them all. Who is no user of the platform has an id made from the
-- role that he logged in with, so that his rows can still be found together.
insert into audit_logs (
    action, entity_type, entity_id, user_id, changes, ip_address, user_agent, request_id, metadata
) values (
    %(action)s, %(entity_type)s, '00000000-0000-0000-0000-000000000000',
    coalesce((select u.id from users u where u.username = %(operator)s), %(stranger)s::uuid),
    '{}', host(inet_client_addr()), %(tool)s, %(deed)s::uuid,
    %(metadata)s::jsonb || jsonb_build_object('session_user', session_user)
)
