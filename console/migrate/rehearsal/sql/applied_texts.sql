-- What was run on the live database, in its order, to be run again on the scratch one.
select version, name, up_text, up_sha256 from emr_console.migration where state = any (%(applied)s) order by apply_order
