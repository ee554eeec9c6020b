-- What audit_log_details says of one row of the audit log, in clear, for somebody whose reason has been written down.
select jsonb_pretty(mask.small(d.previous_state)) as before,
       jsonb_pretty(mask.small(d.new_state)) as after,
       jsonb_pretty(mask.small(d.validation_results)) as validation
  from public.audit_log_details d
 where d.created_at >= %(lower)s::timestamptz
   and d.created_at <= %(upper)s::timestamptz
   and d.audit_log_id = %(id)s::uuid
   and d.audit_log_created_at = %(at)s::timestamptz
 order by d.created_at, d.id
 limit %(most)s
