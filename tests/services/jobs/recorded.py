"""Rows of jobs as TimescaleDB writes them down, for what a server without a scheduler cannot show."""

from datetime import UTC, datetime, timedelta
from typing import Any

from console.services.jobs.server_models import Clock, JobRow

NOW = datetime(2026, 3, 14, 3, 7, tzinfo=UTC)


def clock(**changed: Any) -> Clock:
    """A scheduler that runs."""
    return Clock.model_validate({"as_of": NOW, "scheduler": True, "restoring": False} | changed)


def ago(**span: float) -> datetime:
    """A moment before now."""
    return NOW - timedelta(**span)


def job(number: int = 1001, **changed: Any) -> JobRow:
    """A daily job that ran an hour ago, for a second, and is due in 23 hours; what is not said is as usual."""
    usual: dict[str, Any] = {
        "id": number,
        "name": f"Retention Policy [{number}]",
        "proc_schema": "_timescaledb_functions",
        "proc_name": "policy_retention",
        "owner": "emr_owner",
        "table_schema": "public",
        "table_name": "audit_logs",
        "scheduled": True,
        "interval": 86_400.0,
        "max_runtime": 300.0,
        "max_retries": -1,
        "config": {"drop_after": "7 years", "hypertable_id": 2},
        "initial_start": None,
        "recorded": True,
        "next_start": NOW + timedelta(hours=23),
        "adrift": False,
        "last_start": ago(hours=1, seconds=1),
        "last_finish": ago(hours=1),
        "last_success": ago(hours=1),
        "runs": 9,
        "failures": 0,
        "consecutive_failures": 0,
        "consecutive_crashes": 0,
        "pid": None,
        "blocked_by": [],
        "errors_visible": True,
    }
    return JobRow.model_validate(usual | changed)


def running(**changed: Any) -> JobRow:
    """One that is down as running for ten minutes; until it ends, it counts as a crash."""
    begun: dict[str, Any] = {"next_start": None, "adrift": True, "last_start": ago(minutes=10), "last_finish": None}
    return job(**begun | {"consecutive_crashes": 1} | changed)


def failed(times: int, **changed: Any) -> JobRow:
    """One whose last runs failed, the last an hour ago, and that is tried again in 20 minutes."""
    again: dict[str, Any] = {
        "next_start": NOW + timedelta(minutes=20),
        "consecutive_failures": times,
        "failures": times,
    }
    return job(**again | changed)
