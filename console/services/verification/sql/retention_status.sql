-- What the report of chunks or partitions tells, to be compared with what the panes tell.
select oldest_chunk, newest_chunk, total_chunks, compressed_chunks, total_rows, estimated_size
  from public.check_audit_retention_status()
