-- Explains a statement with the rights of this function's owner, which whatever the planner runs cannot leave: in a
-- SECURITY DEFINER function neither the role nor the session's user can be changed. The loop takes one statement only.
-- Our own setting of search_path holds until here, so that none of these words means anything but PostgreSQL's own.
create function pg_temp.emr_console_planned(statement text, path text) returns json
language plpgsql security definer as $function$
declare
    found json;
begin
    perform set_config('search_path', path, true);
    for found in execute statement loop
        return found;
    end loop;
end
$function$
