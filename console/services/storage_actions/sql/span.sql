-- A span of time as a person has typed it, as the server understands it; a year has 365.25 days here.
select extract(epoch from s)::float8 as seconds, s::text as text from (select %(text)s::interval as s) typed
