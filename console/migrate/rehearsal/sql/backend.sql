-- Who we are; asked as the role that logged in, because another one may not see when this session began.
select pid, backend_start from pg_stat_activity where pid = pg_backend_pid()
