-- Events as lines of CSV, in the order of COLUMNS in formats.py. What anybody can choose is
-- kept from being calculated, and from driving a terminal.
select e.id, e.at, e.user_id, mask.cell(e.username), e.action, mask.cell(e.entity_type), e.entity_id, e.system,
       mask.cell(e.patient), mask.cell(e.ip), mask.cell(e.user_agent), e.session_id, e.request_id, e.changes,
       e.metadata, e.context, e.omitted_bytes
  from e
