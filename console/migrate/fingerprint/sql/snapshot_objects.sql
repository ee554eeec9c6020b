-- What the schema consisted of then.
select objects from emr_console.snapshot where id = %(id)s
