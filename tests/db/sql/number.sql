-- One row, for the tests of sessions and pipelines.
select %(number)s::int as number
