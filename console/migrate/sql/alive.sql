-- Whether a backend still exists; pids are used again, so its start must be the same.
select exists (select from pg_stat_activity where pid = %(pid)s and backend_start = %(backend_start)s) as yes
