"""How jobs stand: what is said of them on every screen and in every answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any


class JobState(StrEnum):
    """How a job stands, as --json spells it; the worst first."""

    STUCK = "stuck"
    """It will not run again by itself: it is down as running, but nothing runs."""
    SCHEDULER_DEAD = "scheduler_dead"
    """Nothing starts it: the scheduler of this database does not run."""
    FAILING = "failing"
    """Its last runs failed, two or more in a row."""
    OVERDUE = "overdue"
    """It should have been started by now."""
    FAILED_ONCE = "failed_once"
    """Its last run failed, the one before did not."""
    PAUSED = "paused"
    """Somebody, or its own limit of retries, keeps it from being started."""
    RUNNING = "running"
    """It runs now."""
    HIDDEN = "hidden"
    """Our role may not see its runs."""
    NEVER_RUN = "never_run"
    """It has not been started yet."""
    RAN = "ran"
    """It ran lately and ended well; nobody is known to start it again."""
    SCHEDULED = "scheduled"
    """All is well; it waits for its next start."""


class Source(StrEnum):
    """Who starts a job."""

    TIMESCALEDB = "timescaledb"
    """TimescaleDB's scheduler in this database."""
    PG_CRON = "pg_cron"
    """pg_cron's scheduler."""
    MAINTAIN = "maintain"
    """`emr-console maintain`, started by cron or a timer of the operating system."""


@dataclass(frozen=True, slots=True)
class Job:
    """One job, and how it stands."""

    source: Source
    """Who starts it."""
    id: int | None
    """Its number there; None where it has none."""
    name: str
    """What it is called."""
    kind: str
    """What it does: compression, retention, refresh, reorder, internal, user, cron or maintain."""
    table: str | None
    """What it works on, schema.name; without the schema where that is public."""
    state: JobState
    """How it stands."""
    note: str
    """What else must be known of that state, in a few words; may be empty."""
    interval: float | None = None
    """Seconds between two starts; None where that is not known."""
    last_run: datetime | None = None
    """When its last run began."""
    last_success: datetime | None = None
    """When a run last ended well."""
    last_duration: float | None = None
    """Seconds that its last finished run took."""
    next_start: datetime | None = None
    """When it is due."""
    consecutive_failures: int = 0
    """How many of the last runs failed in a row."""
    last_error: str | None = None
    """What its last run said when it failed, without values; None where there is nothing to say, or it is hidden."""
    sqlstate: str | None = None
    """The server's code of that error."""
    config: Any = None
    """What its procedure is told."""
    owner: str | None = None
    """The role it runs as."""
    procedure: str | None = None
    """What it calls, schema.name; None where that is no procedure."""
    pid: int | None = None
    """The server process that runs it now."""
    blocked_by: Sequence[int] = ()
    """The processes that one waits for; 0 is a prepared transaction."""
    runs: int | None = None
    """How often its scheduler has run it; None where that is not counted."""
    failures: int | None = None
    """How many of these runs failed."""
    max_runtime: float | None = None
    """Seconds after which a run is ended; None without a limit."""
    grant: str | None = None
    """What would show its errors, which our role may not see; None where nothing is hidden."""

    @property
    def key(self) -> tuple[Source, int | None, str]:
        """Its identity from one reading to the next."""
        return self.source, self.id, self.name

    @property
    def label(self) -> str:
        """What it is called where there is little room.

        >>> def job(name, kind, procedure=None):
        ...     return Job(Source.TIMESCALEDB, 7, name, kind, None, JobState.SCHEDULED, "", procedure=procedure).label
        >>> job("Retention Policy [7]", "retention"), job("User-Defined Action [7]", "user", "public.tidy")
        ('retention', 'public.tidy')
        >>> job("Telemetry Reporter [7]", "internal"), job("nightly tidying", "user", "public.tidy")
        ('Telemetry Reporter', 'nightly tidying')
        """
        plain = self.name.removesuffix(f" [{self.id}]")
        if plain == self.name or self.kind == "internal":
            return plain
        return self.procedure or plain if self.kind == "user" else self.kind

    @property
    def error(self) -> str | None:
        """Its last error with the server's code."""
        return None if self.last_error is None else f"{self.sqlstate or ''} {self.last_error}".strip()

    @property
    def share(self) -> float | None:
        """How much of its interval the last run took; above 0.8 it soon skips runs.

        >>> Job(Source.TIMESCALEDB, 1, "a", "user", None, JobState.SCHEDULED, "", 60.0, last_duration=48.0).share
        0.8
        """
        return self.last_duration / self.interval if self.interval and self.last_duration is not None else None

    def as_json(self) -> dict[str, object]:
        """The row as --json spells it."""
        return {
            "id": self.id,
            "name": self.name,
            "kind": self.kind,
            "table": self.table,
            "state": self.state,
            "note": self.note,
            "last_run": self.last_run,
            "last_success": self.last_success,
            "last_duration": self.last_duration,
            "interval": self.interval,
            "next_start": self.next_start,
            "consecutive_failures": self.consecutive_failures,
            "last_error": self.last_error,
            "sqlstate": self.sqlstate,
            "errors_hidden": self.grant is not None,
            "config": self.config,
            "owner": self.owner,
            "source": self.source,
        }


@dataclass(frozen=True, slots=True)
class Past:
    """One run of a job that was written down."""

    started: datetime | None
    """When it began."""
    seconds: float | None
    """How long it took; None while it runs, and after a crash."""
    ending: str
    """What became of it: done, failed, crashed or running."""
    said: str
    """Its error without values, or what maintain says of itself; may be empty."""
    pid: int | None
    """The server process that ran it."""


@dataclass(frozen=True, slots=True)
class Cause:
    """Several jobs that fail alike: the reason is not in any one of them."""

    source: Source
    """Who starts them."""
    sqlstate: str | None
    """The server's code; None where they crash, and of pg_cron's jobs."""
    message: str
    """What the newest of them said, without values."""
    jobs: Sequence[int]
    """Their numbers, in order."""
    since: datetime | None
    """When the first of them began to fail."""
    last: datetime | None
    """When one of them last failed."""

    @property
    def words(self) -> str:
        """The error with the server's code."""
        return f"{self.sqlstate or ''} {self.message}".strip()

    def as_json(self) -> dict[str, object]:
        """As scripts read it."""
        names = ("source", "sqlstate", "message", "jobs", "since", "last")
        return {name: getattr(self, name) for name in names}


@dataclass(frozen=True, slots=True)
class Jobs:
    """All jobs at one moment."""

    as_of: datetime
    """When it was, by the server's clock."""
    jobs: Sequence[Job]
    """The worst first."""
    causes: Sequence[Cause] = ()
    """What several of them have in common."""
    scheduler: bool | None = None
    """Whether TimescaleDB's scheduler runs; None where there is no TimescaleDB."""
    trouble: str = ""
    """Why nothing is started, and what to do about it, as a sentence; empty where jobs are started."""
    missing: Sequence[str] = ()
    """What cannot be told here, and how it could be, as sentences."""
    unavailable: str = ""
    """Why there can be no jobs here at all, as a sentence; empty where there can."""
