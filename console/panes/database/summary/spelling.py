"""The summary as `emr-console database --json` spells it."""

from console.panes.database.summary.summary import Summary, ratio


def spelled(summary: Summary) -> dict[str, object]:
    """One flat object; what could not be asked is null, and findings say why."""
    judged = [finding.as_json() for finding in summary.findings.values()]
    return _whole(summary) | _of_checks(summary) | _of_counted(summary) | _of_survey(summary) | {"findings": judged}


def _whole(summary: Summary) -> dict[str, object]:
    pulse, lately = summary.pulse, summary.lately
    return {
        "database": summary.server.database,
        "level": summary.level,
        "bytes": summary.size,
        "approximate": summary.exact is None,
        "connections": pulse.connections if pulse else None,
        "connection_limit": pulse.connection_limit if pulse else None,
        "in_recovery": summary.server.in_recovery,
        "transactions_per_second": lately.transactions if lately else None,
    }


def _of_checks(summary: Summary) -> dict[str, object]:
    statistics, checkpoints = summary.statistics, summary.checkpoints
    hit, read = (statistics.blks_hit, statistics.blks_read) if statistics else (None, None)
    return {
        "hit_ratio": ratio(hit, (hit or 0) + (read or 0)),
        "deadlocks": statistics.deadlocks if statistics else None,
        "counted_since": statistics.counted_since if statistics else None,
        "frozen_age": statistics.frozen_age if statistics else None,
        "multixact_age": statistics.multixact_age if statistics else None,
        "checkpoints_timed": checkpoints.timed if checkpoints else None,
        "checkpoints_requested": checkpoints.requested if checkpoints else None,
    }


COUNTED = (
    "commits", "rollbacks", "temp_files", "temp_bytes", "wal_bytes", "client_bytes", "client_fsyncs",
    "autovacuum_workers", "autovacuum_limit", "freeze_limit", "multixact_limit", "tls", "tls_version", "tls_cipher",
)  # fmt: skip
"""Counters that go by their own names."""


def _of_counted(summary: Summary) -> dict[str, object]:
    return {name: getattr(summary.counted, name, None) for name in COUNTED}


def _of_survey(summary: Summary) -> dict[str, object]:
    survey = summary.survey
    return {
        "heap_hit_ratio": ratio(survey.heap_hit, survey.heap_wanted) if survey else None,
        "index_hit_ratio": ratio(survey.index_hit, survey.index_wanted) if survey else None,
        "tables": survey.tables if survey else None,
        "live_rows": survey.live_rows if survey else None,
        "dead_rows": survey.dead_rows if survey else None,
        "analyzed_at": survey.analyzed_at if survey else None,
        "settings": survey.settings if survey else {},
        "pending_restart": survey.pending if survey else [],
    }
