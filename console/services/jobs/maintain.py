"""The runs of `emr-console maintain`, which the operating system starts: each of its steps is a job."""

from datetime import datetime, timedelta

from console.services.jobs.models import Job, JobState, Source
from console.services.jobs.server_models import MaintainRow
from console.units import age

LATE = timedelta(days=8)
"""Without a run for so long nobody starts it any more: it is meant for every day, or every week at the least."""

UNSCHEDULED = "nobody is known to schedule it"
"""A run by hand leaves the same trace as one by cron or a timer, which the database does not see."""


def job_of(row: MaintainRow, as_of: datetime) -> Job:
    """A step as a job; who starts it next, and when, only the operating system knows."""
    took, state = timedelta(seconds=row.seconds or 0.0), state_of(row, as_of)
    idle = row.outcome == "nothing"
    ended = f"{'done' if idle else row.outcome} {age((as_of - row.at).total_seconds())} ago by {row.operator}"
    note = f"{ended}: nothing was due" if idle else ended
    return Job(
        Source.MAINTAIN,
        None,
        f"maintain {row.step}",
        "maintain",
        row.target,
        state,
        f"{note}; {UNSCHEDULED}" if state is JobState.RAN else note,
        last_run=row.at - took,
        last_success=row.last_success,
        last_duration=row.seconds,
        consecutive_failures=row.consecutive_failures,
        last_error=row.message if row.consecutive_failures else None,
    )


def state_of(row: MaintainRow, as_of: datetime) -> JobState:
    """How it stands; a step that nobody has started for a week is overdue.

    >>> from datetime import UTC
    >>> noon = datetime(2026, 3, 14, 12, tzinfo=UTC)
    >>> row = MaintainRow.model_construct(at=noon, consecutive_failures=0)
    >>> failed = row.model_copy(update={"consecutive_failures": 2})
    >>> state_of(row, noon).value, state_of(row, noon + timedelta(days=9)).value, state_of(failed, noon).value
    ('ran', 'overdue', 'failing')
    """
    if row.consecutive_failures:
        return JobState.FAILING if row.consecutive_failures > 1 else JobState.FAILED_ONCE
    return JobState.OVERDUE if as_of - row.at > LATE else JobState.RAN
