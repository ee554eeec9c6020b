-- What the database really takes on disk: every file of it is looked at, so this is asked only when a person wants it.
select pg_database_size(current_database()) as bytes
