-- The findings of a review, which was made in the same transaction; already masked.
select *
  from jsonb_to_recordset(%(findings)s::jsonb) as f (
       id text, level text, rule text, user_id uuid, username text, patient_id uuid, patient text, first_at text,
       last_at text, events bigint, evidence text, disposition text, decided_by text, decided_at text, because text,
       search text)
