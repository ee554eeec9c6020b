"""CHECKS: the only list of checks there is."""

from typing import Any

from console.services.health.check import Check
from console.services.health.checks import (
    aggregates,
    audit,
    jobs,
    records,
    relations,
    replication,
    retention,
    server,
    sessions,
    storage,
    timescale,
)

CHECKS: tuple[Check[Any], ...] = (
    *sessions.CHECKS,
    *server.CHECKS,
    *replication.CHECKS,
    *relations.CHECKS,
    *audit.CHECKS,
    *records.CHECKS,
    *jobs.CHECKS,
    *storage.CHECKS,
    *aggregates.CHECKS,
    *retention.CHECKS,
    *timescale.CHECKS,
)
"""A check is a judge in console/services/health/checks, and one entry in that module's list."""
