-- The guide's question 8: can an audit row be written? By the reserved system user, with the action meant for this; the
-- transaction around it is rolled back, because the log is append-only.
insert into public.audit_logs (action, entity_type, entity_id, user_id, changes, request_id)
values ('TEST', 'TEST', gen_random_uuid(), '00000000-0000-0000-0000-000000000000', '{}', gen_random_uuid())
returning id is not null as has_id,
          created_at,
          abs(extract(epoch from clock_timestamp() - created_at))::float8 as late
