-- Events as lines of CSV, in the order of COLUMNS in formats.py. What anybody can choose is kept from being calculated.
select e.id, e.at, e.user_id, mask.formula(e.username), e.action, mask.formula(e.entity_type), e.entity_id, e.system,
       mask.formula(e.patient), mask.formula(e.ip), mask.formula(e.user_agent), e.session_id, e.request_id, e.changes,
       e.metadata, e.context, e.omitted_bytes
  from e
