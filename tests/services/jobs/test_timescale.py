"""Jobs as they are read from a real TimescaleDB: it has no scheduler, the runs are written into its tables by hand."""

from dataclasses import replace

import pytest

from console.db.database import Database
from console.errors import NoPrivilege
from console.services.capabilities import capabilities
from console.services.jobs.history import kept, past_runs
from console.services.jobs.missing import RECORD
from console.services.jobs.service import assembled, read_jobs, requests
from tests.services.jobs.ward import AUDIT, BAD, COMPRESSION, GOOD, PORTAL, VISITS, Ward, by_id

pytestmark = pytest.mark.usefixtures("well")


async def test_every_figure_is_the_servers(ward: Ward) -> None:
    ward.fail(COMPRESSION)
    found = await ward.read()
    told = [(job.id, job.name, job.interval, job.config, job.owner, job.next_start) for job in found.jobs if job.runs]
    theirs = ward.ask(
        "select job_id, application_name, extract(epoch from schedule_interval)::float8, config, owner::text, "
        "next_start from timescaledb_information.jobs join timescaledb_information.job_stats using (job_id, next_start)"
        " where total_runs > 0"
    )
    assert told == theirs
    assert sorted(by_id(found)) == [
        n for (n,) in ward.ask("select job_id from timescaledb_information.jobs order by 1")
    ]
    job = by_id(found)[COMPRESSION]
    (stats,) = ward.ask(
        "select last_run_started_at, extract(epoch from last_run_duration)::float8, total_runs, total_failures "
        f"from timescaledb_information.job_stats where job_id = {COMPRESSION}"
    )
    assert (job.last_run, job.last_duration, job.runs, job.failures) == stats
    assert job.last_success is None


async def test_without_a_scheduler_nothing_is_called_scheduled(ward: Ward) -> None:
    found = await ward.read()
    assert {job.state for job in found.jobs} == {"scheduler_dead"}
    assert found.scheduler is False
    assert "start_background_workers" in found.trouble
    assert ward.ask("select distinct job_status from timescaledb_information.job_stats") == [("Scheduled",)]


async def test_what_they_are(ward: Ward) -> None:
    found = {number: (job.kind, job.table, job.label) for number, job in by_id(await ward.read()).items()}
    assert found == {
        3: ("internal", None, "Job History Log Retention Policy"),
        COMPRESSION: ("compression", "audit_logs", "compression"),
        AUDIT: ("retention", "audit_logs", "retention"),
        VISITS: ("retention", "Reports of Ward 7.visits", "retention"),
        BAD: ("user", None, "public.bad"),
        GOOD: ("user", None, "public.good"),
    }


async def test_several_that_fail_alike_are_one_card(ward: Ward) -> None:
    for number in (COMPRESSION, AUDIT, BAD):
        ward.fail(number)
    ward.fail(GOOD, "P0001", "no luck for John Doe", times=1)
    found = await ward.read()
    (card,) = found.causes
    assert (card.words, card.jobs) == (f"24000 {PORTAL}", (COMPRESSION, AUDIT, BAD))
    good = by_id(found)[GOOD]
    assert good.consecutive_failures == 1
    assert "John" not in str(good.as_json())
    assert good.error is not None
    assert good.error.startswith("P0001 RaiseException")


async def test_history(ward: Ward) -> None:
    ward.fail(BAD, times=2)
    async with Database(ward.target) as db:
        job = by_id(await read_jobs(db))[BAD]
        runs = await past_runs(db, job)
        assert "enable_job_execution_logging" in kept(await capabilities(db), job)
    assert [(run.ending, run.said, run.pid) for run in runs] == [("failed", PORTAL, 4711)] * 2
    assert [round(run.seconds or 0, 3) for run in runs] == [1.0, 1.0]


async def test_errors_of_others_are_said_to_be_hidden(ward: Ward) -> None:
    ward.fail(BAD)
    ward.ask("delete from _timescaledb_internal.bgw_job_stat_history")  # 2.23 shows failures to strangers, by mistake
    ward.ask("set role watcher")
    try:
        found = await ward.read()
    finally:
        ward.ask("reset role")
    assert by_id(found)[BAD].grant == 'GRANT "postgres" TO "watcher";'
    assert 'GRANT "postgres" TO "watcher";' in " ".join(found.missing)
    assert by_id(found)[BAD].as_json()["errors_hidden"] is True


async def test_jobs_that_may_not_be_read_are_said_with_their_grant(ward: Ward) -> None:
    async with Database(ward.target) as db:
        able = await capabilities(db)
        hidden = replace(able, probe=able.probe.model_copy(update={"unreadable": ["timescaledb_information.jobs"]}))
        with pytest.raises(NoPrivilege) as refused:
            requests(hidden)
    assert "GRANT SELECT ON timescaledb_information.jobs" in refused.value.hint


async def test_a_record_that_may_not_be_read_is_said_with_its_grant(ward: Ward) -> None:
    async with Database(ward.target) as db:
        able = await capabilities(db)
        blind = replace(able, probe=able.probe.model_copy(update={"unreadable": [RECORD]}))
        found = assembled(blind, await db.pipeline(*requests(blind)))
    assert {job.state for job in found.jobs} == {"hidden"}
    assert f'GRANT SELECT ON {RECORD} TO "postgres";' in found.missing[0]
