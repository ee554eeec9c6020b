-- Fails with 22012 when asked to divide by nothing.
select 1 / %(number)s::int as number
