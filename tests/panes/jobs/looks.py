"""Jobs in a night at a made-up hospital: the rows of the jobs pane's pictures."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any, NoReturn

from console.errors import NoPrivilege
from console.panes.jobs.service import Detail
from console.panes.jobs.view import JobsPane
from console.services.jobs import cron, maintain, state, timescale
from console.services.jobs.models import Job, Jobs, Past
from console.services.jobs.server_models import CronRow, Failure, JobRow, MaintainRow
from console.ui.pane import Pane
from tests.panes.looks import NIGHT, fed
from tests.services.jobs.recorded import ago, clock, failed, job, running

PORTAL = 'cannot drop portal "" while it is being set up'
LOST: timescale.Adrift = frozenset({(1012, ago(minutes=52))})

COMPRESSION = {"name": "Columnstore Policy [1000]", "proc_name": "policy_compression", "interval": 43_200.0}
REFRESH = {"proc_name": "policy_refresh_continuous_aggregate", "interval": 3_600.0}
USER = {"proc_schema": "public", "table_schema": None, "table_name": None, "max_runtime": None}


def rows() -> list[JobRow]:
    """Four that the server does not let run, one that is blocked, one that is stuck, and some that are well."""
    soon = NIGHT + timedelta(minutes=11)
    return [
        failed(9, number=3, name="Job History Log Retention Policy [3]", proc_name="policy_job_stat_history_retention",
               table_schema=None, table_name=None, next_start=soon),
        failed(14, number=1000, next_start=soon, **COMPRESSION),
        failed(6, number=1001),
        failed(31, number=1002, name="Refresh Continuous Aggregate Policy [1002]", table_name="audit_logs_hourly",
               next_start=soon, **REFRESH),
        job(1003, name="Refresh Continuous Aggregate Policy [1003]", table_name="audit_logs_daily", **REFRESH,
            last_start=ago(minutes=55), last_finish=ago(minutes=4)),
        running(number=1010, name="User-Defined Action [1010]", proc_name="reconcile_visits", pid=4711,
                blocked_by=[4802], interval=900.0, **USER),
        job(1011, name="nightly archive", proc_name="archive", scheduled=False, **USER),
        running(number=1012, name="User-Defined Action [1012]", proc_name="send_reports", last_start=ago(minutes=52),
                interval=1_800.0, **USER),
        job(1013, name="User-Defined Action [1013]", proc_name="check_numbers", recorded=False, next_start=None,
            runs=0, last_start=None, last_finish=None, last_success=None, **USER),
    ]  # fmt: skip


def told(found: Sequence[Job], **known: Any) -> Jobs:
    """All of them, the worst first."""
    return Jobs(NIGHT, sorted(found, key=state.worst_first), **known)


def busy() -> Jobs:
    """A server on which whatever the scheduler starts fails."""
    said = [
        Failure(job_id=row.id, sqlstate="24000", message=PORTAL, first=ago(hours=5), last=ago(minutes=9), times=4)
        for row in rows()
        if row.consecutive_failures
    ]
    found = timescale.jobs(rows(), clock(), said, LOST, "dba")
    return told(found, causes=timescale.common(rows(), said), scheduler=True)


def dead() -> Jobs:
    """Nothing starts them."""
    still = clock(scheduler=False)
    trouble = (
        "No scheduler of TimescaleDB runs here, so that no job is started. A superuser starts it: SELECT "
        "_timescaledb_functions.start_background_workers(); if it does not stay, raise "
        "timescaledb.max_background_workers."
    )
    return told(timescale.jobs(rows()[3:6], still, [], LOST, "dba"), scheduler=False, trouble=trouble)


def plain() -> Jobs:
    """A database without TimescaleDB: what maintain has done, and pg_cron's jobs."""
    usual: dict[str, Any] = dict.fromkeys(CronRow.model_fields) | {
        "database": "emr", "owner": "emr_owner", "active": True, "launched": True, "consecutive_failures": 0,
        "command": "vacuum analyze tasks", "schedule": "0 3 * * *", "status": "succeeded",
        "last_start": ago(minutes=7), "last_finish": ago(minutes=6), "last_success": ago(minutes=6),
    }  # fmt: skip
    beats = [
        CronRow.model_validate(usual | {"id": 7, "name": "vacuum-tasks"}),
        CronRow.model_validate(usual | {"id": 8, "name": "sync", "schedule": "*/5 * * * *", "status": "failed",
                                        "message": "connection failed", "consecutive_failures": 12}),
    ]  # fmt: skip
    step: dict[str, Any] = {
        "at": ago(hours=1), "operator": "cron@db2", "outcome": "done", "message": None, "seconds": 3.2,
        "last_success": ago(hours=1), "consecutive_failures": 0,
    }  # fmt: skip
    steps = [
        MaintainRow(**step | {"step": "partitions", "target": "audit_logs, audit_log_details"}),
        MaintainRow(**step | {"step": "refresh", "target": "public.audit_logs_hourly", "outcome": "failed",
                              "message": "The server refused the statement (53100): no space left on device.",
                              "consecutive_failures": 1}),
    ]  # fmt: skip
    return told([*map(cron.job_of, beats), *(maintain.job_of(each, NIGHT) for each in steps)])


def hidden() -> Jobs:
    """What a member of pg_monitor sees: that jobs fail, not why."""
    found = timescale.jobs([failed(3, errors_visible=False), job(1005)], clock(), [], frozenset(), "ana")
    grant = (
        "Why some jobs fail is hidden from this role: only who has the rights of a job's owner sees its errors. "
        'A superuser can give it those, all of them: GRANT "emr_owner" TO "ana";'
    )
    return told(found, scheduler=True, missing=[grant])


def nothing() -> Jobs:
    """Neither TimescaleDB nor pg_cron, and maintain has never run."""
    return told([], unavailable="Jobs need TimescaleDB, which is not created in this database.")


def denied() -> NoReturn:
    raise NoPrivilege(
        "Jobs stand in timescaledb_information.jobs, which ana may not read.",
        hint="A superuser can give the right: GRANT USAGE ON SCHEMA timescaledb_information TO \"ana\"; "
             "GRANT SELECT ON timescaledb_information.jobs TO \"ana\";",
    )  # fmt: skip


def jobs(answer: Callable[[], Jobs] = busy) -> type[Pane[Any, Any]]:
    """The jobs pane."""

    class Told(JobsPane):
        async def detail(self, job: Job) -> Detail:
            past = [Past(ago(minutes=9 + 30 * n), 0.021, "failed", f"24000 {PORTAL}", 4711 + n) for n in range(4)]
            return Detail(past, "Runs that ended well are not written down.", f"call public.run_job({job.id});")

    return fed(Told, answer)
