-- Rows of knex's table are gone for good, so it is written down which and how many.
insert into emr_console.event (run_id, kind, operator, detail)
values (%(run)s, 'knex_duplicates_removed', %(operator)s,
        jsonb_build_object('names', %(names)s::text[], 'rows', %(rows)s::int))
