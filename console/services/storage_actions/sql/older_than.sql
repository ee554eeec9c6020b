-- The chunks that dropping would drop, asked of TimescaleDB itself, so that what is told is what goes.
select c::oid::bigint from "{schema}".show_chunks(%(table)s::regclass, older_than => %(before)s) as c
