-- One row for signing in or out, as the gateway writes it; failed attempts come from an outside address.
INSERT INTO audit_logs
    (action, entity_type, entity_id, user_id, changes, ip_address, user_agent, request_id, metadata)
VALUES (
    %(action)s, 'USER', current_user_id(), current_user_id(), '{}',
    CASE %(action)s::text WHEN 'LOGIN_FAILED' THEN '203.0.113.66' ELSE '192.0.2.11' END,
    'EMR-Web/7.0 (browser)', gen_random_uuid(), '{"synthetic": true}'
)
