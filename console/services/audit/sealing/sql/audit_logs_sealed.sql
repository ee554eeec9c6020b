-- What a day of audit_logs holds without the rows that were not there when it was sealed.
with /* include marks */, every_row as materialized (
    select r.created_at, r.id, /* include audit_logs_row */ as digest
      from public.audit_logs r
     where r.created_at >= %(lower)s::timestamptz and r.created_at < %(upper)s::timestamptz
), row_digests as materialized (
    select * from every_row where substr(digest, 1, 8) in (select mark from sealed_marks)
), /* include days */
