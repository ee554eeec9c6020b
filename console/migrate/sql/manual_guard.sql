-- At the head of a rollback by hand: stop while the engine is at work, or where the ledger is not as it was.
do $guard$
begin
    if not pg_try_advisory_xact_lock(%(space)s, %(key)s) then
        raise exception 'the migration engine is at work in this database';
    end if;
    if (select array_agg(version || ' ' || up_sha256 order by version) from emr_console.migration
         where version = any (%(versions)s::text[])) is distinct from %(expected)s::text[] then
        raise exception 'the ledger is not as it was when this script was written';
    end if;
end
$guard$
