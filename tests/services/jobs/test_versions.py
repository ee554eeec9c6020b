"""Jobs as each version of TimescaleDB tells them, and their processes, on recorded columns: see storage/recorded.py.

The one-session TimescaleDB of the tests has neither a scheduler nor a pg_stat_activity.
"""

from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, contextmanager

import psycopg
import pytest

from console.db.database import Database
from console.services.capabilities import capabilities
from console.services.jobs.history import kept, past_runs
from console.services.jobs.models import Job
from console.services.jobs.service import read_jobs
from tests.migrate.working import ask
from tests.services.storage.recorded import VERSIONS, furnish, reaches
from tests.targets import target

SCHEDULER = "TimescaleDB Background Worker Scheduler"

JOBS = """
truncate timescaledb_information.jobs, _timescaledb_internal.bgw_job_stat;
insert into timescaledb_information.jobs (job_id, application_name, schedule_interval, max_runtime, max_retries,
    proc_schema, proc_name, owner, scheduled, config, initial_start, hypertable_schema, hypertable_name) values
    (1000, 'Compression Policy [1000]', '12:00', '0', -1, '_timescaledb_internal', 'policy_compression', 'postgres',
     true, '{"compress_after": "14 days"}', null, 'public', 'beds'),
    (1001, 'Retention Policy [1001]', '1 day', '00:05', -1, '_timescaledb_functions', 'policy_retention', 'postgres',
     true, '{"drop_after": "7 years"}', '-infinity', 'public', 'beds'),
    (1002, 'Refresh Continuous Aggregate Policy [1002]', '1 hour', '0', -1, '_timescaledb_functions',
     'policy_refresh_continuous_aggregate', 'postgres', true, '{}', null, '_timescaledb_internal', 'mat_2'),
    (1003, 'User-Defined Action [1003]', '1 month', '0', -1, 'public', 'tidy', 'postgres', true, null, null, null,
     null);
insert into _timescaledb_internal.bgw_job_stat (job_id, last_start, last_finish, next_start, last_successful_finish,
    last_run_success, total_runs, total_failures, consecutive_failures, consecutive_crashes) values
    (1000, now() - interval '1 hour', now() - interval '1 hour', now() + interval '1 hour', '-infinity', false,
     2, 2, 2, 0),
    (1001, now() - interval '1 hour', '-infinity', '-infinity', '-infinity', true, 1, 0, 0, 1),
    (1002, '-infinity', '-infinity', '-infinity', '-infinity', true, 0, 0, 0, 0);
insert into timescaledb_information.job_errors values
    (1000, '', '', 7, now() - interval '1 hour', now() - interval '1 hour', '57014', 'canceling statement'),
    (1001, '', '', null, now() - interval '9 hours', null, null, 'job crash detected, see server logs');
"""

HISTORY = """
create table timescaledb_information.job_history (id bigint, job_id int, succeeded boolean, proc_schema name,
    proc_name name, pid int, start_time timestamptz, finish_time timestamptz, config jsonb, sqlerrcode text,
    err_message text);
insert into timescaledb_information.job_history (job_id, succeeded, pid, start_time, finish_time, sqlerrcode,
    err_message) values
    (1000, false, 7, now() - interval '1 hour', now() - interval '1 hour', '57014', 'canceling statement'),
    (1000, true, 8, now() - interval '2 hours', now() - interval '1 hour', null, null),
    (1000, null, null, now() - interval '3 hours', null, null, 'job crash detected, see server logs'),
    (1000, null, 9, now() - interval '4 hours', null, null, null);
"""


@pytest.fixture(params=VERSIONS)
def version(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def made(dsn: str, version: str) -> None:
    with psycopg.connect(dsn, autocommit=True) as connection:
        furnish(connection, version)
        connection.execute(JOBS)
        if reaches(version, "2.15.0"):
            connection.execute(HISTORY)


@contextmanager
def connected(dsn: str, *names: str) -> Iterator[None]:
    """Processes that call themselves so."""
    with ExitStack() as stack:
        for name in names:
            stack.enter_context(psycopg.connect(dsn, application_name=name))
        yield


async def read(dsn: str, **changed: str) -> dict[int | None, Job]:
    async with Database(target(dsn, **changed)) as db:
        return {job.id: job for job in (await read_jobs(db)).jobs}


async def test_each_version(pg18_database: str, version: str) -> None:
    made(pg18_database, version)
    async with Database(target(pg18_database)) as db:
        found = {job.id: job for job in (await read_jobs(db)).jobs}
        runs = await past_runs(db, found[1000])
        words = kept(await capabilities(db), found[1000])
    assert {number: (job.kind, job.table) for number, job in found.items()} == {
        1000: ("compression", "beds"), 1001: ("retention", "beds"), 1002: ("refresh", "hourly"), 1003: ("user", None),
    }  # fmt: skip
    assert found[1000].error == "57014 canceling statement"
    assert (found[1001].next_start, found[1001].last_success, found[1002].last_run) == (None, None, None)
    assert found[1003].interval == 30 * 86_400.0
    endings = ["failed", "done", "crashed", "running"] if reaches(version, "2.15.0") else ["failed"]
    assert [run.ending for run in runs] == endings
    assert ("2.15 or newer" in words) is not reaches(version, "2.15.0")


@pytest.fixture
async def watched(pg18_database: str) -> AsyncIterator[str]:
    """A database of 2.28, and a role that sees of others only what they call themselves."""
    made(pg18_database, "2.28.3")
    ask(pg18_database, "create role onlooker login password 'x'; grant usage on schema timescaledb_information, "
                       "_timescaledb_internal to onlooker; grant select on all tables in schema "
                       "timescaledb_information, _timescaledb_internal to onlooker")  # fmt: skip
    try:
        yield pg18_database
    finally:
        ask(pg18_database, "drop owned by onlooker; drop role onlooker")


async def test_who_sees_no_kinds_of_processes_believes_names(watched: str) -> None:
    onlooker = {"user": "onlooker", "password": "x", "passfile": "/nonexistent"}
    before = await read(watched, **onlooker)
    assert {job.state for job in before.values()} == {"scheduler_dead"}
    with connected(watched, SCHEDULER):
        states = {number: job.state for number, job in (await read(watched, **onlooker)).items()}
        assert states == {1000: "failing", 1001: "stuck", 1002: "never_run", 1003: "never_run"}
        with connected(watched, "Retention Policy [1001]"):
            running = (await read(watched, **onlooker))[1001]
            assert (running.state, running.pid is not None) == ("running", True)
    assert before[1000].grant is None, "it sees the error"


async def test_who_sees_them_believes_no_client(watched: str) -> None:
    with connected(watched, SCHEDULER, "Retention Policy [1001]"):
        found = await read(watched)
    assert {job.state for job in found.values()} == {"scheduler_dead"}
    assert found[1001].pid is None
