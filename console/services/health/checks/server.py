"""Memory, WAL, freezing, and settings that lose data or let it out."""

from console.iso import to_minute
from console.services.health.check import Around, Check, above, below, crit, ok, warn, worst
from console.services.health.models import Verdict
from console.services.health.server_models import Checkpoints, Statistics
from console.services.health.sources import CHECKPOINTS, STATISTICS
from console.units import age, count, number_of, percent

LEAST_READS = 10_000
"""Blocks that must have been wanted before their share in memory says something."""

LEAST_CHECKPOINTS = 10
"""Checkpoints before what caused them says something."""

DEADLOCK_SPAN = 300.0
"""Seconds over which deadlocks are counted."""

LATE = 1.1
"""How many times the age at which autovacuum freezes by itself rows may have before it is behind."""


def cache_hits(counted: Statistics, around: Around) -> Verdict:
    """How often a block was in memory when it was wanted."""
    wanted = counted.blks_hit + counted.blks_read
    if wanted < LEAST_READS:
        return ok(f"cache hit: only {number_of(wanted, 'block')} read so far")
    share = counted.blks_hit / wanted
    since = f" since {to_minute(counted.counted_since)}" if counted.counted_since else ""
    limits = around.limits.cache_hit_warn, around.limits.cache_hit_crit
    remedy = "select relname, heap_blks_read, heap_blks_hit from pg_statio_user_tables order by 2 desc limit 20;"
    return below(100 * share, limits, f"cache hit {percent(share)} (target > {limits[0]:g} %){since}", remedy)


def deadlocks(counted: Statistics, around: Around) -> Verdict:
    """Whether many transactions were ended for each other's sake lately."""
    limit, before = around.limits.deadlocks_warn, around.earlier
    if before is None or (counted.as_of - before.as_of).total_seconds() < DEADLOCK_SPAN / 5:
        return ok(f"deadlocks {count(counted.deadlocks)} since the counters began", None, limit)
    seconds = (counted.as_of - before.as_of).total_seconds()
    more = max(0, counted.deadlocks - before.deadlocks)
    said = f"deadlocks {more} in the last {age(seconds)}"
    if more > limit * max(1.0, seconds / DEADLOCK_SPAN):
        return warn(said, more, limit, remedy="-- The server's log names both statements of each deadlock.")
    return ok(said, more, limit)


def checkpoints(made: Checkpoints, around: Around) -> Verdict:
    """Whether checkpoints come because WAL had filled up: they cost the more the more often they come."""
    total = made.timed + made.requested
    if total < LEAST_CHECKPOINTS:
        return ok(f"only {number_of(total, 'checkpoint')} so far")
    share = 100 * made.requested / total
    said = f"{share:.0f} % of {count(total)} checkpoints were asked for: WAL had filled up, or somebody wanted one"
    remedy = "alter system set max_wal_size = '4GB';  -- twice of what it is, then: select pg_reload_conf();"
    return above(share, (around.limits.checkpoints_warn, None), said, remedy)


def freeze_age(counted: Statistics, around: Around) -> Verdict:
    """How far the oldest rows are from the point where the server stops taking writes."""
    rows = above(
        counted.frozen_age,
        _freezing(counted, "autovacuum_freeze_max_age", around),
        f"oldest row not frozen: {counted.frozen_age / 1e6:,.0f} M transactions, in {counted.oldest_database}",
        "select c.oid::regclass, age(relfrozenxid) from pg_class c where relkind in ('r', 't', 'm')\n"
        " order by 2 desc limit 20;  -- then, of those: vacuum (freeze) <table>;",
    )
    locks = above(
        counted.multixact_age,
        _freezing(counted, "autovacuum_multixact_freeze_max_age", around),
        f"oldest multixact: {counted.multixact_age / 1e6:,.0f} M",
        "select c.oid::regclass, mxid_age(relminmxid) from pg_class c where relkind in ('r', 't', 'm')\n"
        " order by 2 desc limit 20;  -- then, of those: vacuum (freeze) <table>;",
    )
    return worst([rows, locks])


def _freezing(counted: Statistics, setting: str, around: Around) -> tuple[float, float]:
    """The limits of an age: below what autovacuum waits for nobody has to act, whatever the limits say."""
    first, second = around.limits.freeze_warn, around.limits.freeze_crit
    due = LATE * max(0, _number(counted, setting))
    return max(first, due), max(second, due)


def archiving(counted: Statistics, around: Around) -> Verdict:
    """Whether WAL reaches its archive, without which there is no way back to a moment."""
    if counted.archive_mode == "off":
        return ok("WAL is not archived (archive_mode is off)")
    failed, well = counted.last_failed_time, counted.last_archived_time
    if failed is not None and (well is None or failed > well):
        since = f"since {to_minute(well)}" if well else "yet"
        return crit(
            f"WAL archiving fails; nothing was archived {since}",
            counted.failed_count,
            remedy="select * from pg_stat_archiver;  -- the server's log has the words of archive_command",
        )
    return ok(f"WAL archived at {to_minute(well)}" if well else "no WAL file had to be archived yet")


def checksums(counted: Statistics, around: Around) -> Verdict:
    """Whether the disk gave back something else than what was written to it."""
    if counted.checksum_failures is None:
        return ok("data checksums are off")
    if counted.checksum_failures:
        return crit(
            f"{counted.checksum_failures} blocks had a wrong checksum",
            counted.checksum_failures,
            remedy="-- Do not restart. Back up what can be read, and restore from the last good backup.",
        )
    return ok("no wrong checksum", 0)


def safe_settings(counted: Statistics, around: Around) -> Verdict:
    """Settings under which a crash, or time, destroys data."""
    off = [name for name in ("fsync", "full_page_writes", "autovacuum", "track_counts") if _is(counted, name, "off")]
    if not off:
        return ok("fsync, full_page_writes, autovacuum and track_counts are on")
    remedy = "\n".join(f"alter system set {name} = on;" for name in off) + "\nselect pg_reload_conf();"
    return crit(f"{' and '.join(off)} {'is' if len(off) == 1 else 'are'} off", len(off), remedy=remedy)


def egress(counted: Statistics, around: Around) -> Verdict:
    """Settings by which patients' data reaches logs, or somebody's server."""
    leaks = [
        ("log_statement", _is(counted, "log_statement", "all", "mod"), "'none'"),
        ("log_min_duration_statement", _number(counted, "log_min_duration_statement") == 0, "1000"),
        ("pgaudit.log_parameter", _is(counted, "pgaudit.log_parameter", "on"), "off"),
        ("timescaledb.telemetry_level", _is(counted, "timescaledb.telemetry_level", "basic"), "off"),
    ]
    found = [(name, value) for name, leaking, value in leaks if leaking]
    if not found:
        return ok("no setting writes statements with their values to a log")
    remedy = "\n".join(f"alter system set {name} = {value};" for name, value in found) + "\nselect pg_reload_conf();"
    names = ", ".join(name for name, _ in found)
    return warn(f"patients' data may leave by {names}", len(found), remedy=remedy)


def _is(counted: Statistics, name: str, *values: str) -> bool:
    return counted.settings.get(name) in values


def _number(counted: Statistics, name: str) -> int:
    found = counted.settings.get(name) or ""
    return int(found) if found.isdigit() else -1


CHECKS = (
    Check("D06", "Cache hits", STATISTICS, cache_hits, "database"),
    Check("D07", "Deadlocks", STATISTICS, deadlocks, "locks"),
    Check("D08", "Checkpoints", CHECKPOINTS, checkpoints, "database"),
    Check("D09", "WAL archive", STATISTICS, archiving, "database"),
    Check("D10", "Checksums", STATISTICS, checksums, "database"),
    Check("D11", "Settings that lose data", STATISTICS, safe_settings, "database"),
    Check("H23", "Freeze age", STATISTICS, freeze_age, "database"),
    Check("H26", "Settings that let data out", STATISTICS, egress, "database"),
)
"""What can be told of the server."""
