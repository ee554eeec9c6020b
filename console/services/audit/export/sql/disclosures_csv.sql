-- Disclosures as lines of CSV, in the order of their columns in formats.py.
select e.id, e.at, mask.cell(e.recipient), mask.cell(d.what), mask.cell(e.purpose), d.accounting, e.system,
       mask.cell(e.patient), e.user_id, mask.cell(e.username), mask.cell(e.ip), e.session_id, e.request_id
  /* include disclosure */
