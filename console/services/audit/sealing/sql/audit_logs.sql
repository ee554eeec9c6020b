-- What the days of audit_logs hold now, of a window whose both ends are midnights UTC.
with row_digests as materialized (
    select r.created_at, r.id, /* include audit_logs_row */ as digest
      from public.audit_logs r
     where r.created_at >= %(lower)s::timestamptz and r.created_at < %(upper)s::timestamptz
), /* include days */
