-- How long an interval is that a person has typed, or that stands in a configuration.
select extract(epoch from %(text)s::interval)::float8 as seconds
