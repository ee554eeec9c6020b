"""A TimescaleDB with jobs of every kind: it has no scheduler, so that the runs of one are written in by hand."""

from typing import Any

import psycopg

from console.db.database import LANES, Database
from console.db.session import Session
from console.services.jobs import changing
from console.services.jobs.changing import Verb
from console.services.jobs.models import Job, Jobs
from console.services.jobs.service import read_jobs
from console.services.storage_actions.performing import perform
from console.services.storage_actions.plan import Done
from tests.fixtures.timescale import Timescale

PORTAL = 'cannot drop portal "" while it is being set up'

WARD = """
create extension if not exists timescaledb;
create schema "Reports of Ward 7";
create table public.audit_logs (created_at timestamptz not null, action text);
create table "Reports of Ward 7".visits (at timestamptz not null, n int);
select create_hypertable('public.audit_logs', 'created_at');
select create_hypertable('"Reports of Ward 7".visits', 'at', chunk_time_interval => interval '1 day');
insert into "Reports of Ward 7".visits select now() - make_interval(days => n), n from generate_series(1, 10) n;
alter table public.audit_logs set (timescaledb.compress);
select add_compression_policy('public.audit_logs', interval '90 days');
select add_retention_policy('public.audit_logs', interval '7 years');
select add_retention_policy('"Reports of Ward 7".visits', interval '5 days');
create procedure public.bad(job_id int, config jsonb) language plpgsql
    as $$ begin raise exception 'no luck for %', 'John Doe'; end $$;
create table public.tidied (n int);
create procedure public.good(job_id int, config jsonb) language plpgsql
    as $$ begin insert into public.tidied values (job_id); commit; end $$;
select add_job('public.bad', '1 hour');
select add_job('public.good', '1 hour', config => '[1, "a"]');
create role watcher;
grant pg_monitor, pg_read_all_data to watcher; -- this server shows nobody else its pg_database
"""

COMPRESSION, AUDIT, VISITS, BAD, GOOD = range(1000, 1005)
"""The numbers of the jobs, in the order in which they were made."""

RAN = """
insert into _timescaledb_internal.bgw_job_stat
values (%(id)s, now() - interval '62 s', now() - interval '1 min', now() + interval '1 hour', '-infinity', false,
        4, '0', '4 s', 0, 4, 0, %(failures)s, 0, 0)
on conflict (job_id) do update set last_start = excluded.last_start, last_finish = excluded.last_finish,
    next_start = excluded.next_start, last_run_success = false, total_runs = 4, total_failures = 4,
    consecutive_failures = excluded.consecutive_failures, last_successful_finish = '-infinity'
"""

SAID = """
insert into _timescaledb_internal.bgw_job_stat_history (job_id, pid, execution_start, execution_finish, succeeded, data)
select %(id)s, 4711, now() - interval '1 s' - make_interval(mins => n), now() - make_interval(mins => n), false,
       jsonb_build_object('job', jsonb_build_object('proc_name', 'x'),
                          'error_data', jsonb_build_object('sqlerrcode', %(code)s::text, 'message', %(message)s::text))
  from generate_series(1, %(failures)s) n
"""

FORGET = """
delete from _timescaledb_internal.bgw_job_stat_history;
update _timescaledb_internal.bgw_job_stat set consecutive_failures = 0, last_run_success = true;
truncate public.tidied
"""


class Ward:
    """The server, and one connection to it at a time."""

    def __init__(self, server: Timescale) -> None:
        self.target = server.target()
        self.dsn = server.dsn()

    def ask(self, statement: str, **values: object) -> list[Any]:
        """What a plain client is told; several statements where there are no values."""
        with psycopg.connect(self.dsn, autocommit=True, prepare_threshold=None) as connection:
            connection.execute("set client_min_messages = warning; set search_path = public")
            cursor = connection.execute(statement.encode(), values or None)
            return cursor.fetchall() if cursor.description else []

    def fail(self, job: int, code: str = "24000", message: str = PORTAL, times: int = 3) -> None:
        """Let the last runs of a job have failed."""
        self.ask(RAN, id=job, failures=times)
        self.ask(SAID, id=job, code=code, message=message, failures=times)

    def forget(self) -> None:
        """No job has ever run."""
        self.ask(FORGET)

    async def read(self) -> Jobs:
        """All jobs, as the console reads them."""
        async with Database(self.target) as db:
            return await read_jobs(db)

    async def change(self, verb: Verb, job: int, value: str = "") -> Done:
        """Change a job, as somebody who has agreed."""
        async with await Session.open(self.target, "act", settings=LANES["act"]) as session:
            return await perform(session, await changing.plan(session, verb, job, value), "ticket 4711")

    def events(self) -> list[Any]:
        """What was written down."""
        return self.ask("select kind, detail ->> 'outcome', detail ->> 'reason' from emr_console.event order by id")


def by_id(found: Jobs) -> dict[int, Job]:
    return {job.id: job for job in found.jobs if job.id is not None}
