"""TimescaleDB itself, and what this console may see."""

from console.db.server import reaches
from console.services.health.check import Around, Check, above, crit, ok, unknown, warn
from console.services.health.models import Verdict
from console.services.health.schema_models import Relations
from console.services.health.server_models import Activity, Statistics
from console.services.health.sources import ACTIVITY, EXTENSION, RELATIONS, STATISTICS
from console.services.health.storage_models import Extension
from console.units import bytes_text, count

SPARE_WORKERS = 3
"""Processes that the server takes for itself besides background and parallel workers."""

LEAST_FREE = 2
"""Background workers that jobs need beside the schedulers, of which each database with TimescaleDB has one."""

BUGS: tuple[tuple[str | None, str, str], ...] = (
    (None, "2.29.2", "count(distinct) may be wrong over partly compressed chunks (#10423)"),
    (None, "2.26.4", "a job may be stuck for ever after a crash (#9360)"),
    (None, "2.28.0", "jobs may starve for want of a worker (#9918)"),
    ("2.15.0", "2.27.1", "errors of jobs are shown to roles that do not own them (#9799)"),
    ("2.23.0", "2.25.0", "approximate_row_count tells twice as many rows"),
)
"""Defects of TimescaleDB that mislead an operator: from which version, until which, and what happens."""


def extension(found: Extension, around: Around) -> Verdict:
    """Whether TimescaleDB is what its files are, under a licence that lets policies run."""
    if found.restoring:
        return crit("timescaledb.restoring is on: no job runs", remedy="select timescaledb_post_restore();")
    if found.license == "apache":
        return warn(
            "timescaledb.license is apache: no policy, compression or aggregate runs",
            remedy="alter system set timescaledb.license = 'timescale';  -- then restart the server",
        )
    if found.available and not reaches(found.installed, found.available):
        return warn(
            f"TimescaleDB is {found.installed}, and its files are {found.available}",
            remedy="alter extension timescaledb update;  -- as the first command of a new session (psql -X)",
        )
    return ok(f"TimescaleDB {found.installed} is what its files are")


def workers(counted: Statistics, around: Around) -> Verdict | None:
    """Whether there are enough worker processes for the scheduler, its jobs and parallel queries."""
    wanted = counted.settings.get("timescaledb.max_background_workers")
    if wanted is None:
        return None
    background, parallel, most = (
        int(wanted),
        _number(counted, "max_parallel_workers"),
        _number(counted, "max_worker_processes"),
    )
    needed = background + parallel + SPARE_WORKERS
    remedy = f"alter system set timescaledb.max_background_workers = {counted.schedulers + 16};  -- then restart"
    if background <= max(1, counted.schedulers):
        said = f"timescaledb.max_background_workers is {background}: no job can run beside the schedulers"
        return crit(said, background, max(1, counted.schedulers) + 1, remedy=remedy)
    if background < counted.schedulers + LEAST_FREE:
        said = f"{counted.schedulers} schedulers leave 1 of {background} background workers to all jobs"
        return warn(said, background, counted.schedulers + LEAST_FREE, remedy=remedy)
    if most < needed:
        said = f"max_worker_processes is {most}; background and parallel workers need {needed}"
        return warn(said, most, needed, remedy=f"alter system set max_worker_processes = {needed};  -- then restart")
    return ok(f"workers: {most}, and {needed} are needed", most, needed)


def known_bugs(found: Extension, around: Around) -> Verdict:
    """Defects of this version that mislead an operator.

    >>> around = Around.__new__(Around)
    >>> known_bugs(Extension(installed="2.29.2", available=None, license=None, restoring=False), around).level.value
    'ok'
    """
    met = defects(found.installed)
    if not met:
        return ok(f"no known defect of TimescaleDB {found.installed} that misleads", 0)
    more = f", and {len(met) - 1} more" if len(met) > 1 else ""
    told = "\n".join(f"-- {what}" for what in met)
    remedy = f"{told}\nalter extension timescaledb update;  -- once newer files are on the server"
    return warn(f"TimescaleDB {found.installed}: {met[0]}{more}", len(met), 1, remedy=remedy)


def defects(installed: str) -> list[str]:
    """What a version of TimescaleDB is known to get wrong.

    >>> defects("2.29.2"), len(defects("2.24.0"))
    ([], 5)
    """
    return [
        what
        for since, until, what in BUGS
        if (since is None or reaches(installed, since)) and not reaches(installed, until)
    ]


def lock_budget(found: Relations, around: Around) -> Verdict | None:
    """How much of the server's lock table one query takes that reads all of a divided table."""
    if found.divided is None:
        return None
    share = 100 * found.divided_locks / max(1, found.lock_slots)
    limits = around.limits.lock_budget_warn, around.limits.lock_budget_crit
    said = f"a query of all {found.divided} takes {count(found.divided_locks)} of {count(found.lock_slots)} locks"
    per_transaction = max(128, 4 * found.divided_locks // max(1, found.lock_sharers))
    remedy = f"alter system set max_locks_per_transaction = {per_transaction};  -- then restart"
    return above(share, limits, said, remedy)


def history(found: Relations, around: Around) -> Verdict | None:
    """Whether TimescaleDB's history of jobs has grown beyond use."""
    if around.server.flavour != "timescale":
        return None
    limits = around.limits.history_warn, around.limits.history_crit
    said = f"history of jobs takes {bytes_text(found.history_bytes)}"
    remedy = 'select alter_job(3, config => \'{"drop_after": "7 days", "max_failures_per_job": 100}\');'
    return above(found.history_bytes, limits, said, remedy)


def rights(seen: Activity, around: Around) -> Verdict:
    """Whether this console sees what it looks for."""
    if around.server.has_role("pg_monitor"):
        return ok(f"{around.server.user} sees what there is")
    said = f"{around.server.user} does not see all of what others do"
    return unknown(said, remedy=around.grant("pg_monitor"))


def _number(counted: Statistics, name: str) -> int:
    return int(counted.settings.get(name) or 0)


CHECKS = (
    Check("H01", "TimescaleDB", EXTENSION, extension, "storage"),
    Check("H03", "Worker processes", STATISTICS, workers, "jobs"),
    Check("H15", "Lock budget", RELATIONS, lock_budget, "storage"),
    Check("H22", "History of jobs", RELATIONS, history, "jobs"),
    Check("H27", "Known defects", EXTENSION, known_bugs, "storage"),
    Check("H28", "Rights of this console", ACTIVITY, rights, "sessions"),
)
"""What can be told of TimescaleDB, of locks and of ourselves."""
