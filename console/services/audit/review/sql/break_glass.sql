-- Break-glass without a reason that says anything; the reason itself is not read out, it may name a patient.
select a.user_id, null::uuid as patient_id, date_trunc('day', a.created_at, 'UTC') as unit,
       min(a.created_at) as first_at, max(a.created_at) as last_at, count(*) as events, count(*) as measure
  from public.audit_logs a
 where a.created_at >= %(lower)s::timestamptz and a.created_at < %(upper)s::timestamptz
   and a.action = 'BREAK_GLASS'
   and length(btrim(coalesce(a.metadata ->> 'reason', ''))) < %(reason_characters)s
 group by 1, 3
