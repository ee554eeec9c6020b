"""The columns of the jobs pane."""

from dataclasses import dataclass
from datetime import datetime

from console.services.jobs.models import Job, JobState
from console.services.jobs.state import SLOW
from console.ui.columns import Column, Kind, Tone
from console.units import age, duration

STATES = {
    JobState.STUCK: "✖ stuck",
    JobState.SCHEDULER_DEAD: "✖ no scheduler",
    JobState.FAILING: "✖ failing",
    JobState.OVERDUE: "▲ overdue",
    JobState.FAILED_ONCE: "▲ failed once",
    JobState.PAUSED: "▲ paused",
    JobState.RUNNING: "● running",
    JobState.HIDDEN: "▲ hidden",
    JobState.NEVER_RUN: "  never run",
    JobState.RAN: "● ran",
    JobState.SCHEDULED: "● scheduled",
}
"""How a state is written; the sign says what the colour says."""

BAD = frozenset({JobState.STUCK, JobState.SCHEDULER_DEAD, JobState.FAILING})
"""Something has to be done."""

WORTH_A_LOOK = frozenset({JobState.OVERDUE, JobState.FAILED_ONCE, JobState.PAUSED, JobState.HIDDEN})
"""Something may have to be done."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A job as it stands in the list."""

    job: Job
    """The job."""
    as_of: datetime
    """When it stood so, by the server's clock."""
    ran: str = ""
    """What became of its last run from here, which its record does not count; empty without one."""

    @property
    def since(self) -> float | None:
        """Seconds since its last run began."""
        return (self.as_of - self.job.last_run).total_seconds() if self.job.last_run else None

    @property
    def until(self) -> float | None:
        """Seconds until its next start; negative where it is late."""
        return (self.job.next_start - self.as_of).total_seconds() if self.job.next_start else None

    @property
    def note(self) -> str:
        """What else must be known of its state."""
        return "; ".join(part for part in (self.ran, self.job.note) if part)

    def as_json(self) -> dict[str, object]:
        """The job as --json spells it."""
        return self.job.as_json()


def state_text(job: Job) -> str:
    """The state in a word and a sign."""
    return "▲ blocked" if job.blocked_by else STATES[job.state]


def tone(job: Job) -> Tone:
    """The colour that goes with it."""
    if job.state in BAD:
        return Tone.ERROR
    if job.state in WORTH_A_LOOK or job.blocked_by:
        return Tone.WARNING
    return Tone.MUTED if job.state is JobState.NEVER_RUN else Tone.OK


def failed_tone(job: Job) -> Tone:
    """The colour of failures."""
    return Tone.ERROR if job.consecutive_failures > 1 else Tone.WARNING if job.consecutive_failures else Tone.PLAIN


def slow_tone(job: Job) -> Tone:
    """The colour of a duration that leaves too little of the interval."""
    return Tone.WARNING if (job.share or 0.0) >= SLOW else Tone.PLAIN


def error_text(job: Job) -> str | None:
    """What its last run said, or that our role may not see it."""
    return job.error or ("hidden from this role" if job.grant else None)


def until_text(seconds: float) -> str:
    """When it is started next.

    >>> until_text(7_300.0), until_text(-61.0)
    ('in 2 h', '1 m late')
    """
    return f"in {age(seconds)}" if seconds >= 0 else f"{age(-seconds)} late"


COLUMNS: tuple[Column[Listed], ...] = (
    Column(id="id", title="id", value=lambda r: r.job.id, width=5, kind=Kind.NUMBER, text=str, fitted=True),
    Column(id="job", title="job", value=lambda r: r.job.label, width=19, fitted=True),
    Column(
        id="table",
        title="table",
        value=lambda r: (r.job.table or "").removeprefix("public.") or None,
        width=18,
        priority=2,
        fitted=True,
    ),
    Column(
        id="state",
        title="state",
        value=lambda r: r.job.state.value,
        drawn=lambda r: state_text(r.job),
        width=14,
        tone=lambda r: tone(r.job),
        fitted=True,
    ),
    Column(id="note", title="note", value=lambda r: r.note or None, width=18, grows=True, fitted=True),
    Column(
        id="error",
        title="last error",
        value=lambda r: error_text(r.job),
        width=34,
        grows=True,
        priority=3,
        fitted=True,
    ),
    Column(id="ran", title="ran", value=lambda r: r.since, width=5, kind=Kind.SECONDS, priority=4),
    Column(
        id="took",
        title="took",
        value=lambda r: r.job.last_duration,
        width=9,
        kind=Kind.SECONDS,
        text=duration,
        tone=lambda r: slow_tone(r.job),
        priority=5,
    ),
    Column(
        id="every", title="every", value=lambda r: r.job.interval, width=5, kind=Kind.SECONDS, priority=6, fitted=True
    ),
    Column(
        id="next",
        title="next",
        value=lambda r: r.until,
        width=8,
        kind=Kind.SECONDS,
        text=until_text,
        priority=7,
        fitted=True,
    ),
    Column(
        id="failed",
        title="failed",
        value=lambda r: r.job.consecutive_failures or None,
        width=6,
        kind=Kind.NUMBER,
        tone=lambda r: failed_tone(r.job),
        priority=8,
        fitted=True,
    ),
)
"""What is shown of a job; without room the highest priorities go first."""
