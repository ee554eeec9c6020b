"""Jobs of a database without TimescaleDB: pg_cron's, and the runs of `emr-console maintain`."""

import json
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from console.cli.main import run
from console.db.database import Database
from console.demo.server import Cluster
from console.services.capabilities import capabilities
from console.services.jobs.history import kept, past_runs
from console.services.jobs.models import Jobs
from console.services.jobs.service import read_jobs
from tests.fixtures.availability import Missing
from tests.fixtures.running import complete, private_folder, running
from tests.fixtures.servers import DEBIAN_15
from tests.migrate.working import ask, one
from tests.targets import target

CONTROL = Path("/usr/share/postgresql/15/extension/pg_cron.control")
SETTINGS = {"shared_preload_libraries": "pg_cron"}

CRON = """
create extension pg_cron;
select cron.schedule('nightly', '0 3 * * *', $$delete from drafts where patient = 'John Doe'$$);
select cron.schedule('weekly', '0 4 * * 0', 'vacuum');
select cron.schedule('never', '0 5 31 2 *', 'select 1');
select cron.schedule('stopped', '0 6 * * *', 'select 1');
update cron.job set active = false where jobname = 'stopped';
insert into cron.job_run_details (jobid, runid, status, start_time, end_time, return_message)
select j, 100 * n + j, case when n = 1 then 'succeeded' else 'failed' end,
       now() - make_interval(hours => 10 - n), now() - make_interval(hours => 10 - n) + interval '2 s', said
  from (values (1, 'ERROR: duplicate key "John Doe"'), (2, 'connection failed')) as jobs (j, said),
       generate_series(1, 3) n;
"""


@pytest.fixture(scope="module")
def scheduled(missing: Missing) -> Iterator[Cluster]:
    """PostgreSQL 15 whose database postgres has pg_cron and four jobs, none of them due in the near future."""
    if not CONTROL.exists():
        missing(f"pg_cron is not installed in {CONTROL.parent}")
    with private_folder() as folder, running(DEBIAN_15, folder, SETTINGS) as cluster:
        ask(cluster.dsn("postgres"), CRON)
        ask(cluster.dsn("postgres"), "create role clerk login password 'x'; grant usage on schema cron to clerk")
        yield cluster


async def read(dsn: str, **changed: str) -> Jobs:
    async with Database(target(dsn, **changed)) as db:
        return await read_jobs(db)


async def test_pg_cron(scheduled: Cluster) -> None:
    found = await read(scheduled.dsn("postgres"))
    told = [(job.id, job.name, job.state, job.consecutive_failures, job.error) for job in found.jobs]
    assert told == [
        (1, "nightly", "failing", 2, "its words may hold data; they stand in cron.job_run_details"),
        (2, "weekly", "failing", 2, "connection failed"),
        (4, "stopped", "paused", 0, None),
        (3, "never", "never_run", 0, None),
    ]
    assert "Doe" not in json.dumps([job.as_json() for job in found.jobs], default=str)
    assert found.jobs[0].config["command"] == "delete from drafts where patient = ?"
    assert found.jobs[0].last_duration == 2.0
    assert (found.causes, found.scheduler, found.trouble, list(found.missing)) == ([], None, "", [])


async def test_runs_of_pg_cron(scheduled: Cluster) -> None:
    async with Database(target(scheduled.dsn("postgres"))) as db:
        weekly = (await read_jobs(db)).jobs[1]
        runs = await past_runs(db, weekly)
        assert kept(await capabilities(db), weekly) == ""
    assert [(run.ending, run.said, run.seconds) for run in runs] == [
        ("failed", "connection failed", 2.0),
        ("failed", "connection failed", 2.0),
        ("done", "", 2.0),
    ]


async def test_jobs_that_fail_alike_are_one_card(scheduled: Cluster) -> None:
    with psycopg.connect(scheduled.dsn("postgres")) as connection:
        connection.execute("update cron.job_run_details set return_message = 'connection failed'")
        connection.commit()
        found = await read(scheduled.dsn("postgres"))
    assert [(card.words, card.jobs) for card in found.causes] == [("connection failed", (1, 2))]


async def test_a_role_is_told_that_it_sees_only_its_own(scheduled: Cluster) -> None:
    found = await read(scheduled.dsn("postgres"), user="clerk", password="x", passfile="/nonexistent")
    assert (found.jobs, list(found.missing)) == ([], ["pg_cron shows clerk only its own jobs."])


def test_maintain(pg18_migrated: str) -> None:
    for _ in range(2):
        assert run(["--quiet", "--dsn", pg18_migrated, "maintain"]) == 0
    found, endings = complete(_read_with_runs(pg18_migrated))
    kinds = "select count(distinct (kind, detail ->> 'target')) from emr_console.event where kind like 'maintain.%'"
    assert len(found.jobs) == one(pg18_migrated, kinds)
    assert {(job.state, job.source) for job in found.jobs} == {("ran", "maintain")}
    assert endings == ["done", "done"]


async def _read_with_runs(dsn: str) -> tuple[Jobs, list[str]]:
    async with Database(target(dsn)) as db:
        found = await read_jobs(db)
        return found, [run.ending for run in await past_runs(db, found.jobs[0])]


async def test_maintain_that_failed(pg18_migrated: str) -> None:
    ask(pg18_migrated, """
        insert into emr_console.event (kind, operator, detail)
        select 'maintain.refresh', 'cron@db1',
               jsonb_build_object('target', 'public.report', 'outcome', o, 'message', m, 'seconds', 1.5)
          from (values (1, 'done', 'It is refreshed.'), (2, 'failed', 'No room.'), (3, 'would', ''),
                       (4, 'refused', 'No.')) v (n, o, m)
         order by n
    """)  # fmt: skip
    (job,) = (await read(pg18_migrated)).jobs
    assert (job.name, job.table, job.state, job.error) == ("maintain refresh", "public.report", "failing", "No.")
    assert (job.consecutive_failures, job.last_duration) == (2, 1.5)


async def test_an_empty_database_says_what_there_could_be(pg18_database: str) -> None:
    found = await read(pg18_database)
    assert found.jobs == []
    assert "TimescaleDB" in found.unavailable
    assert "emr-console maintain" in found.unavailable
