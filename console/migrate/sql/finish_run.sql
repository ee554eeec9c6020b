-- A run has ended, and how.
update emr_console.run set finished_at = clock_timestamp(), outcome = %(outcome)s where id = %(id)s
