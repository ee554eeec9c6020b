-- The rows of a day of audit_logs that were not there when it was sealed, or not like this.
with /* include marks */, every_row as materialized (
    select r.created_at, r.id, /* include audit_logs_row */ as digest
      from public.audit_logs r
     where r.created_at >= %(lower)s::timestamptz and r.created_at < %(upper)s::timestamptz
)
select id, created_at
  from every_row
 where not exists (select from sealed_marks where mark = substr(digest, 1, 8))
 order by created_at, id
 limit %(most)s
