"""How a job stands, decided from its record, the processes that were seen, and the server's clock."""

from datetime import UTC, datetime

from console.services.jobs.models import Job, JobState
from console.services.jobs.server_models import Clock, JobRow
from console.units import age, number_of

LEAST_DELAY = 300.0
"""Seconds that a start may be late at the least before it is called overdue: workers are started one by one."""

MOST_DELAY = 3_600.0
"""Seconds of delay from which even a job with a long interval is overdue."""

LAUNCH = 30.0
"""Seconds within which a run's process must be seen: the scheduler writes the start down before it begins one."""

SLOW = 0.8
"""The part of its interval that a run may take; above it the job soon skips runs."""

NEVER = datetime.max.replace(tzinfo=UTC)
"""Sorts behind every moment."""


def state_of(row: JobRow, clock: Clock, *, seen_adrift: bool = False) -> JobState:
    """How a job of TimescaleDB stands.

    `seen_adrift` says that an earlier reading found it down as running without a process, in the very same run: one
    reading is not enough, since the record and the processes are not seen at the same instant.
    """
    if row.pid is not None:
        return JobState.RUNNING
    if not row.scheduled:
        return JobState.PAUSED
    if row.recorded is None:
        return JobState.HIDDEN
    if clock.restoring or not clock.scheduler:
        return JobState.SCHEDULER_DEAD
    if row.adrift:
        return JobState.STUCK if seen_adrift and _lost(row, clock.as_of) else JobState.RUNNING
    failures = in_a_row(row)
    if failures > 1:
        return JobState.FAILING
    if is_overdue(row, clock.as_of):
        return JobState.OVERDUE
    if failures:
        return JobState.FAILED_ONCE
    return JobState.SCHEDULED if row.runs else JobState.NEVER_RUN


def in_a_row(row: JobRow) -> int:
    """How many of the last runs failed or crashed; a run that goes on is down as a crash until it ends."""
    going_on = row.pid is not None or row.adrift
    return row.consecutive_failures + (0 if going_on else row.consecutive_crashes)


def due(row: JobRow, as_of: datetime) -> datetime | None:
    """When it should be started next; None while it runs, and where nothing is written down yet.

    A job that was never due has only the moment from which its starts are counted, which may be years ago.
    """
    if row.recorded:
        return row.next_start
    return row.initial_start if row.initial_start and row.initial_start > as_of else None


def is_overdue(row: JobRow, as_of: datetime) -> bool:
    """Whether it should have been started some time ago: five minutes, or its interval up to an hour."""
    moment = due(row, as_of)
    late = (as_of - moment).total_seconds() if moment else 0.0
    return late > max(LEAST_DELAY, min(row.interval, MOST_DELAY))


def last_duration(row: JobRow) -> float | None:
    """Seconds that the last run took; None while one goes on, and after a crash."""
    if row.last_start is None or row.last_finish is None or row.last_finish < row.last_start:
        return None
    return (row.last_finish - row.last_start).total_seconds()


def worst_first(job: Job) -> tuple[int, int, datetime, int]:
    """The order in which a DBA wants them; within a state those that failed most, then those that are due first."""
    return list(JobState).index(job.state), -job.consecutive_failures, job.next_start or NEVER, job.id or 0


def note_of(row: JobRow, state: JobState, clock: Clock) -> str:
    """What else must be known of a state, in a few words."""
    return {
        JobState.RUNNING: _running,
        JobState.PAUSED: _paused,
        JobState.SCHEDULER_DEAD: _unstarted,
        JobState.STUCK: _stuck,
        JobState.FAILING: _failing,
        JobState.FAILED_ONCE: _again,
        JobState.OVERDUE: _overdue,
        JobState.NEVER_RUN: _first,
        JobState.HIDDEN: _due,
    }.get(state, _well)(row, clock)


def _lost(row: JobRow, as_of: datetime) -> bool:
    return row.last_start is not None and (as_of - row.last_start).total_seconds() > LAUNCH


def _running(row: JobRow, clock: Clock) -> str:
    seconds = _since(row.last_start, clock)
    if row.blocked_by:
        said = "waits for " + ", ".join("a prepared transaction" if pid == 0 else str(pid) for pid in row.blocked_by)
    elif row.pid is None:
        said = "not seen"
    elif row.max_runtime is not None and seconds is not None and seconds > row.max_runtime:
        said = f"limit {age(row.max_runtime)}"
    else:
        said = ""
    return ", ".join(part for part in (f"for {age(seconds)}" if seconds is not None else "", said) if part)


def _paused(row: JobRow, _: Clock) -> str:
    failures = in_a_row(row)
    if row.max_retries >= 0 and failures > row.max_retries:
        return f"by itself, after {_times(failures)}"
    return f"after {_times(failures)}" if failures else ""


def _unstarted(row: JobRow, clock: Clock) -> str:
    failures = in_a_row(row)
    return ", ".join(part for part in (_times(failures) if failures else "", _due(row, clock)) if part)


def _stuck(row: JobRow, clock: Clock) -> str:
    return f"no process for {age(_since(row.last_start, clock))}"


def _failing(row: JobRow, clock: Clock) -> str:
    return f"{in_a_row(row)} failed, {_again(row, clock)}"


def _overdue(row: JobRow, clock: Clock) -> str:
    return _due(row, clock) + ("" if row.runs else ", never run")


def _first(row: JobRow, clock: Clock) -> str:
    return _due(row, clock) or "due at once"


def _well(row: JobRow, clock: Clock) -> str:
    taken = last_duration(row)
    slow = taken is not None and row.interval > 0 and taken / row.interval >= SLOW
    share = f"takes {taken / row.interval:.0%} of its time" if slow and taken is not None else ""
    return ", ".join(part for part in (share, _due(row, clock)) if part)


def _again(row: JobRow, clock: Clock) -> str:
    """When a job that failed is tried again: later after each failure."""
    said = _due(row, clock)
    return said.replace("due in", "again in") if said else "again at once"


def _due(row: JobRow, clock: Clock) -> str:
    """When it is due, or was; empty where nothing is written down."""
    moment = due(row, clock.as_of)
    if moment is None:
        return ""
    seconds = (moment - clock.as_of).total_seconds()
    return f"due in {age(seconds)}" if seconds > 0 else f"due {age(-seconds)} ago" if seconds < 0 else "due now"


def _since(moment: datetime | None, clock: Clock) -> float | None:
    return None if moment is None else (clock.as_of - moment).total_seconds()


def _times(failures: int) -> str:
    return number_of(failures, "failure")
