-- What audit_log_details says of one row of the audit log, in clear, for somebody whose reason has been written down.
select case when pg_column_size(d.previous_state) <= %(largest)s then jsonb_pretty(d.previous_state) end as before,
       case when pg_column_size(d.new_state) <= %(largest)s then jsonb_pretty(d.new_state) end as after,
       case when pg_column_size(d.validation_results) <= %(largest)s then jsonb_pretty(d.validation_results) end
           as validation
  from public.audit_log_details d
 where d.created_at >= %(lower)s::timestamptz
   and d.created_at <= %(upper)s::timestamptz
   and d.audit_log_id = %(id)s::uuid
   and d.audit_log_created_at = %(at)s::timestamptz
 order by d.created_at, d.id
 limit %(most)s
