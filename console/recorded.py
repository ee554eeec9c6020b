"""RECORDED: what of which panes is recorded. What shows patients' data is not, and never may be.

Nor what a person has written freely, such as a reason, nor what a procedure is told: both may name a patient. Models
mask by themselves what they have of statements and definitions.
"""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from console.services.history.recorded import Recorded, asking

if TYPE_CHECKING:
    from console.db.database import Database
    from console.panes.overview.service import Seen
    from console.services.jobs.models import Jobs
    from console.services.storage.retention import Retention

SLOWLY = 60.0
"""Seconds between two answers about what changes slowly."""

SELDOM = 600.0
"""The same of what reads every chunk."""

UNTOLD = "not recorded"
"""Stands for what a person has written."""


def _overview() -> Any:
    from console.panes.overview.service import Seen, Watch

    def opened(db: "Database") -> Any:
        watch = Watch(db)

        async def ask() -> Seen:
            seen = await watch.refresh()
            return _without_reasons(await watch.refresh_rest() if watch.due else seen)

        return ask

    return Seen, opened


def _without_reasons(seen: "Seen") -> "Seen":
    findings = [
        replace(finding, snooze=finding.snooze and replace(finding.snooze, reason=UNTOLD)) for finding in seen.findings
    ]
    return replace(seen, findings=findings)


def _sessions() -> Any:
    from console.panes.sessions.models import Snapshot
    from console.panes.sessions.service import Reader

    return Snapshot, lambda db: Reader(db).read


def _locks() -> Any:
    from console.panes.locks.models import Snapshot
    from console.panes.locks.service import snapshot

    return Snapshot, asking(snapshot)


def _statements() -> Any:
    from console.panes.statements.models import Snapshot
    from console.panes.statements.service import Reader

    return Snapshot, lambda db: Reader(db).read


def _database() -> Any:
    from console.panes.database.summary.service import Watch
    from console.panes.database.summary.summary import Summary

    return Summary, lambda db: Watch(db).refresh


def _tables() -> Any:
    from console.panes.database.tables.models import Tables
    from console.panes.database.tables.service import read_tables

    return Tables, asking(read_tables)


def _indexes() -> Any:
    from console.panes.database.indexes.models import Indexes
    from console.panes.database.indexes.service import read_indexes

    return Indexes, asking(read_indexes)


def _replication() -> Any:
    from console.panes.database.replication.models import Replication
    from console.panes.database.replication.service import read_replication

    return Replication, asking(read_replication)


def _progress() -> Any:
    from console.panes.database.progress.models import Underway
    from console.panes.database.progress.service import read_progress

    return Underway, asking(read_progress)


def _divided() -> Any:
    from console.services.storage.tables import Tables, measure_tables, read_tables

    async def ask(db: "Database") -> Tables:
        return await read_tables(db, await measure_tables(db))

    return Tables, asking(ask)


def _aggregates() -> Any:
    from console.services.storage.aggregates import Aggregates, read_aggregates

    return Aggregates, asking(read_aggregates)


def _retention() -> Any:
    from console.services.storage.retention import Retention
    from console.services.storage.retention_reading import read_retention

    async def ask(db: "Database") -> Retention:
        return _without_holds(await read_retention(db))

    return Retention, asking(ask)


def _without_holds(found: "Retention") -> "Retention":
    tables = [
        replace(table, holds=[hold.model_copy(update={"name": f"{hold.id}", "reason": UNTOLD}) for hold in table.holds])
        for table in found.tables
    ]
    return replace(found, tables=tables)


def _jobs() -> Any:
    from console.services.jobs.models import Jobs
    from console.services.jobs.service import read_jobs

    async def ask(db: "Database") -> Jobs:
        return _without_config(await read_jobs(db))

    return Jobs, asking(ask)


def _without_config(found: "Jobs") -> "Jobs":
    return replace(found, jobs=[replace(job, config=None) for job in found.jobs])


RECORDED: tuple[Recorded[Any], ...] = (
    Recorded("overview", "Overview", _overview),
    Recorded("sessions", "Sessions", _sessions),
    Recorded("locks", "Locks", _locks),
    Recorded("statements", "Statements", _statements),
    Recorded("database", "Database", _database),
    Recorded("tables", "Tables", _tables, SLOWLY),
    Recorded("indexes", "Indexes", _indexes, SLOWLY),
    Recorded("replication", "Replication", _replication),
    Recorded("progress", "Progress", _progress),
    Recorded("divided", "Hypertables", _divided, SELDOM),
    Recorded("aggregates", "Aggregates", _aggregates, SLOWLY),
    Recorded("retention", "Retention", _retention, SELDOM),
    Recorded("jobs", "Jobs", _jobs, SLOWLY),
)
"""A pane takes part with one entry: its name and title, what its `load` answers and how it asks, imported when needed,
and how often."""
