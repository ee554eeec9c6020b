-- Retention has dropped these days, the oldest ones: their seals stay.
update emr_console.seal
   set retired_at = clock_timestamp(), retired_by = %(by)s
 where table_name = %(table)s and day < %(before)s::date and retired_at is null
