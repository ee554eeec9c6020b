-- Where a proved backup is; history tells of it also when the rows are gone that were rolled back after it.
insert into emr_console.event (run_id, kind, operator, detail)
values (%(run)s, 'backed_up', %(operator)s,
        jsonb_build_object('directory', %(directory)s::text, 'sha256', %(sha256)s::text, 'bytes', %(bytes)s::bigint))
