-- Where the backup is that was made before this rollback; history tells of it when the rolled back rows are gone.
insert into emr_console.event (run_id, kind, operator, detail)
values (%(run)s, 'backed_up', %(operator)s,
        jsonb_build_object('directory', %(directory)s::text, 'sha256', %(sha256)s::text, 'bytes', %(bytes)s::bigint))
