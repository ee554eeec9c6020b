-- Findings as lines of CSV, in the order of their columns in formats.py.
select e.id, e.level, e.rule, e.user_id, mask.cell(e.username), e.patient_id, mask.cell(e.patient), e.first_at, e.last_at,
       e.events, e.evidence, e.disposition, mask.cell(e.decided_by), e.decided_at, mask.cell(e.because), e.search
  from e
