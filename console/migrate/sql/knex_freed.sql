-- A person has let go of knex's lock, and why.
insert into emr_console.event (kind, operator, detail)
values ('knex_lock_freed', %(operator)s, jsonb_build_object('reason', %(reason)s::text))
