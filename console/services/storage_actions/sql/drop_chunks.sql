-- Drops every chunk of which all rows are older. The bound has no type of its own: TimescaleDB takes it as what the column
-- is, and refuses any other type.
select "{schema}".drop_chunks(
    %(table)s::regclass, older_than => %(before)s)
