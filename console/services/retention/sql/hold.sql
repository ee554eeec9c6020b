-- Places a hold.
insert into emr_console.hold (table_schema, table_name, name, reason, placed_by, paused_jobs)
values (%(table_schema)s, %(table_name)s, %(name)s, %(reason)s, %(placed_by)s, %(paused_jobs)s::integer[])
returning id, table_schema::text, table_name::text, name, reason, placed_at, placed_by, paused_jobs
