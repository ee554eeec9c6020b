-- The legal holds that stand, of one table or of all; the oldest first.
select id, table_schema::text, table_name::text, name, reason, placed_at, placed_by, paused_jobs
  from emr_console.hold
 where released_at is null
   and (%(table_schema)s::text is null or (table_schema, table_name) = (%(table_schema)s::name, %(table_name)s::name))
 order by placed_at, id
