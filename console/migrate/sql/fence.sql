-- Whether the lock is still ours. A file that calls pg_advisory_unlock_all() drops it even when it is rolled back.
select exists (select from pg_locks
                where locktype = 'advisory' and classid = %(space)s and objid = %(key)s and objsubid = 2
                  and pid = pg_backend_pid() and granted) as yes
