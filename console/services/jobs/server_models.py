"""Jobs and their runs as the server tells them."""

from datetime import datetime
from typing import Any

from console.row import Row


class Clock(Row):
    """The server's time, and what starts TimescaleDB's jobs there."""

    as_of: datetime
    """Now."""
    scheduler: bool
    """Whether the scheduler of this database runs."""
    restoring: bool
    """Whether timescaledb.restoring keeps it from starting anything."""


class JobRow(Row):
    """One job of TimescaleDB; moments are None where it keeps -infinity or nothing."""

    id: int
    """Its number in this database."""
    name: str
    """What it is called, such as `Retention Policy [1001]`."""
    proc_schema: str
    """Where its procedure is."""
    proc_name: str
    """Its procedure, such as policy_retention."""
    owner: str
    """The role it runs as."""
    table_schema: str | None
    """The schema of the hypertable or continuous aggregate it works on."""
    table_name: str | None
    """That table; None where it works on none."""
    scheduled: bool
    """Whether it is to be started; False: paused."""
    interval: float
    """Seconds between two starts."""
    max_runtime: float | None
    """Seconds after which a run is ended; None without a limit."""
    max_retries: int
    """Failures in a row after which it is paused; -1 without a limit."""
    config: Any
    """What its procedure is told."""
    initial_start: datetime | None
    """When it was to begin."""
    recorded: bool | None
    """Whether there is a record of its runs: a job that was never due has none; None where our role may not read it."""
    next_start: datetime | None
    """When it is due."""
    adrift: bool
    """Whether its next start is -infinity: it runs, or a run of it has left no trace."""
    last_start: datetime | None
    """When its last run began."""
    last_finish: datetime | None
    """When its last run ended."""
    last_success: datetime | None
    """When a run last ended well."""
    runs: int
    """How often it was run by the scheduler."""
    failures: int
    """How many of these runs failed."""
    consecutive_failures: int
    """How many of the last runs failed in a row."""
    consecutive_crashes: int
    """How many of the last runs left no result; a run that goes on counts as one."""
    pid: int | None
    """The server process that runs it now."""
    blocked_by: list[int]
    """The processes that one waits for; 0 is a prepared transaction."""
    errors_visible: bool
    """Whether our role may see the errors of this job: it has the rights of its owner, or of the database's."""

    @property
    def settings(self) -> dict[str, Any]:
        """What its procedure is told by name; a job of the users' own may be told anything else."""
        return self.config if isinstance(self.config, dict) else {}


class Failure(Row):
    """Runs of one job that failed alike since its last good one."""

    job_id: int
    """Which job."""
    sqlstate: str | None
    """The server's code; None for a run that crashed."""
    message: str | None
    """The server's words and detail, which may hold data; never shown as they are."""
    first: datetime | None
    """When the first of them ended."""
    last: datetime | None
    """When the last of them ended."""
    times: int
    """How many they are."""


class Run(Row):
    """One run of a job."""

    started: datetime | None
    """When it began."""
    finished: datetime | None
    """When it ended; None while it runs, or after a crash."""
    succeeded: bool | None
    """Whether it ended well; None while it runs, or after a crash."""
    sqlstate: str | None
    """The server's code; None without an error."""
    message: str | None
    """The server's words, which may hold data; never shown as they are."""
    pid: int | None
    """The server process that ran it."""


class CronRow(Row):
    """One job of pg_cron with what its last runs came to."""

    id: int
    """Its number."""
    name: str | None
    """What it is called; None if nobody named it."""
    schedule: str
    """When it is started, such as `0 3 * * *`."""
    database: str
    """Where it runs."""
    owner: str
    """The role it runs as."""
    active: bool
    """Whether it is to be started; False: paused."""
    command: str
    """The statement that it runs; never shown without the literal mask."""
    status: str | None
    """What its last run came to: running, succeeded, failed, ...; None without one."""
    last_start: datetime | None
    """When its last run began."""
    last_finish: datetime | None
    """When its last run ended."""
    message: str | None
    """What its last run said, which may hold data; never shown as it is."""
    last_success: datetime | None
    """When a run last ended well."""
    consecutive_failures: int
    """How many of the last runs failed in a row."""
    launched: bool
    """Whether pg_cron runs and starts jobs."""


class MaintainRow(Row):
    """What became of the last run of one step of `emr-console maintain`."""

    step: str
    """Which, such as partitions."""
    target: str | None
    """What it worked on."""
    at: datetime
    """When it ended."""
    operator: str
    """Who started it: account and machine."""
    outcome: str
    """What became of it in one word, as in console/services/maintain/models.py."""
    message: str | None
    """The same in a sentence without data."""
    seconds: float | None
    """How long it took; None where that was not written down."""
    last_success: datetime | None
    """When it last ended well."""
    consecutive_failures: int
    """How many of the last runs failed in a row."""


class Span(Row):
    """An interval."""

    seconds: float
    """How long it is; a year has 365.25 days, a month 30."""
