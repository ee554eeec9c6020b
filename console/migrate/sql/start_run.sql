-- A run begins; written after the lock is held, so that it is the only open one that lives.
insert into emr_console.run (id, kind, target, batch, reason, operator, host, client_pid, backend_pid, backend_start,
                             tool_version, knex_locked)
values (%(id)s, %(kind)s, %(target)s, %(batch)s, %(reason)s, %(operator)s, %(host)s, %(client_pid)s, pg_backend_pid(),
        (select backend_start from pg_stat_activity where pid = pg_backend_pid()), %(tool_version)s, %(knex_locked)s)
