-- What audit_log_details says of one row of the audit log: the fields that differ between the states before and after,
-- masked. It is written with the row or soon after it; both ends of that span stand here.
select mask.changes(differing.changes) as changes, mask.json(d.validation_results) as validation,
       coalesce(pg_column_size(d.previous_state), 0) + coalesce(pg_column_size(d.new_state), 0) as states_bytes
  from public.audit_log_details d
 cross join lateral (
    select case when coalesce(pg_column_size(d.previous_state), 0) <= %(largest)s
                then case jsonb_typeof(d.previous_state) when 'object' then d.previous_state end end as before,
           case when coalesce(pg_column_size(d.new_state), 0) <= %(largest)s
                then case jsonb_typeof(d.new_state) when 'object' then d.new_state end end as after
 ) as small
 cross join lateral (
    select jsonb_object_agg(coalesce(b.key, n.key), jsonb_build_object('from', b.value, 'to', n.value)) as changes
      from jsonb_each(small.before) as b
      full join jsonb_each(small.after) as n on n.key = b.key
     where b.value is distinct from n.value
 ) as differing
 where d.created_at >= %(lower)s::timestamptz
   and d.created_at <= %(upper)s::timestamptz
   and d.audit_log_id = %(id)s::uuid
   and d.audit_log_created_at = %(at)s::timestamptz
 order by d.created_at, d.id
 limit %(most)s
