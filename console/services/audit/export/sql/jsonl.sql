-- Events as lines of JSON; COPY doubles each backslash of it and changes nothing else.
select row_to_json(r)
  from (select e.id, e.at as created_at, e.user_id, e.username as "user", e.action, e.entity_type, e.entity_id,
               e.system, e.patient, e.ip, e.user_agent, e.session_id, e.request_id, e.changes, e.metadata,
               e.context as emr_context, e.omitted_bytes, %(masked)s as masked
          from e) as r
