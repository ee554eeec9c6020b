"""The state machine of jobs: a table of rows as TimescaleDB writes them down, and what is said of each."""

from datetime import timedelta
from typing import Any

import pytest

from console.services.jobs import state
from console.services.jobs.server_models import Clock, JobRow
from console.services.jobs.timescale import job_of
from tests.services.jobs.recorded import NOW, ago, clock, failed, job, running

NEVER: dict[str, Any] = {"runs": 0, "last_start": None, "last_finish": None, "last_success": None}
UNRECORDED = NEVER | {"recorded": False, "next_start": None}

TABLE: dict[str, tuple[JobRow, Clock, str, str]] = {
    "well": (job(), clock(), "scheduled", "due in 23 h"),
    "slow": (job(interval=1.25), clock(), "scheduled", "takes 80% of its time, due in 23 h"),
    "never due": (job(**UNRECORDED), clock(), "never_run", "due at once"),
    "begins later": (job(**UNRECORDED | {"initial_start": NOW + timedelta(hours=2)}), clock(), "never_run",
                     "due in 2 h"),
    "counted from long ago": (job(**UNRECORDED | {"initial_start": ago(days=9_000)}), clock(), "never_run",
                              "due at once"),
    "made due": (job(**NEVER | {"next_start": NOW}), clock(), "never_run", "due now"),
    "never run and late": (job(**NEVER | {"next_start": ago(hours=2)}), clock(), "overdue", "due 2 h ago, never run"),
    "running": (running(pid=4711), clock(), "running", "for 10 m, limit 5 m"),
    "running without a limit": (running(pid=4711, max_runtime=None), clock(), "running", "for 10 m"),
    "running, paused meanwhile": (running(pid=4711, max_runtime=None, scheduled=False), clock(), "running",
                                  "for 10 m"),
    "running, not due again": (job(pid=4711), clock(), "running", "for 1 h, limit 5 m"),
    "blocked": (running(pid=4711, blocked_by=[4802, 0]), clock(), "running",
                "for 10 m, waits for 4802, a prepared transaction"),
    "not seen yet": (running(), clock(), "running", "for 10 m, not seen"),
    "paused": (job(scheduled=False), clock(), "paused", ""),
    "paused and failed": (failed(2, scheduled=False), clock(), "paused", "after 2 failures"),
    "paused by itself": (failed(4, scheduled=False, max_retries=3), clock(), "paused",
                         "by itself, after 4 failures"),
    "paused, no scheduler": (job(scheduled=False), clock(scheduler=False), "paused", ""),
    "no scheduler": (job(), clock(scheduler=False), "scheduler_dead", "due in 23 h"),
    "no scheduler, failed": (failed(1), clock(scheduler=False), "scheduler_dead", "1 failure, due in 20 m"),
    "no scheduler, overdue": (job(next_start=ago(days=2)), clock(scheduler=False), "scheduler_dead", "due 2 d ago"),
    "restoring": (job(), clock(restoring=True), "scheduler_dead", "due in 23 h"),
    "failed once": (failed(1), clock(), "failed_once", "again in 20 m"),
    "failing": (failed(5), clock(), "failing", "5 failed, again in 20 m"),
    "failing and late": (failed(2, next_start=ago(hours=3)), clock(), "failing",
                         "2 failed, due 3 h ago"),
    "failed once and late": (failed(1, next_start=ago(hours=3)), clock(), "overdue", "due 3 h ago"),
    "crashed": (job(consecutive_crashes=1, last_finish=None), clock(), "failed_once", "again in 23 h"),
    "crashed after a failure": (failed(1, consecutive_crashes=1), clock(), "failing",
                                "2 failed, again in 20 m"),
    "late by four minutes": (job(next_start=ago(minutes=4)), clock(), "scheduled", "due 4 m ago"),
    "late by six minutes, every minute": (job(next_start=ago(minutes=6), interval=60.0), clock(), "overdue",
                                          "due 6 m ago"),
    "late by six minutes, every day": (job(next_start=ago(minutes=6)), clock(), "scheduled", "due 6 m ago"),
    "late by two hours, every day": (job(next_start=ago(hours=2)), clock(), "overdue", "due 2 h ago"),
    "hidden": (job(**UNRECORDED | {"recorded": None}), clock(), "hidden", ""),
    "hidden and paused": (job(**UNRECORDED | {"recorded": None, "scheduled": False}), clock(), "paused", ""),
}  # fmt: skip


@pytest.mark.parametrize("case", TABLE)
def test_states(case: str) -> None:
    row, now, standing, note = TABLE[case]
    found = state.state_of(row, now)
    assert (found.value, state.note_of(row, found, now)) == (standing, note)


@pytest.mark.parametrize(
    ("row", "stuck"),
    [
        (running(), True),
        (running(last_start=ago(seconds=20)), False),  # the scheduler writes the start down before it begins a process
        (running(pid=4711), False),
        (running(scheduled=False), False),
        (job(), False),
    ],
)
def test_stuck_only_when_confirmed(row: JobRow, stuck: bool) -> None:
    assert state.state_of(row, clock(), seen_adrift=False) != "stuck"
    assert (state.state_of(row, clock(), seen_adrift=True) == "stuck") == stuck


def test_another_run_is_no_confirmation() -> None:
    before = frozenset({(1001, ago(hours=30))})
    assert job_of(running(), clock(), None, before, "dba").state == "running"
    assert job_of(running(), clock(), None, frozenset({(1001, ago(minutes=10))}), "dba").state == "stuck"


def test_worst_first() -> None:
    rows = [job(1), failed(2, number=2), failed(7, number=3), running(number=4, pid=7), job(5, scheduled=False)]
    lost = frozenset({(6, ago(minutes=10))})
    rows.append(running(number=6))
    jobs = [job_of(row, clock(), None, lost, "dba") for row in rows]
    assert [each.id for each in sorted(jobs, key=state.worst_first)] == [6, 3, 2, 5, 4, 1]


def test_a_run_that_goes_on_has_no_duration() -> None:
    assert state.last_duration(job()) == 1.0
    assert state.last_duration(running(pid=1)) is None
    assert state.last_duration(running(last_finish=ago(hours=9))) is None
