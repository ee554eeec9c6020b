-- Whether an event of the ledger, which no application can write to, knows the operator of a row that calls itself ours.
select e.operator
  from emr_console.event e
  join public.audit_logs a on e.operator = (a.metadata ->> 'operator') || '@' || (a.metadata ->> 'host')
 where a.created_at >= %(at)s::timestamptz
   and a.created_at <= %(at)s::timestamptz
   and a.id = %(id)s::uuid
   and a.user_agent like 'emr-console/%%'
   and pg_column_size(a.metadata) <= %(largest)s
 limit 1
