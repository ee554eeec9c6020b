-- A later bootstrap has run.
update emr_console.meta set version = %(version)s
