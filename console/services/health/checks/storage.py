"""Chunks and partitions: compressed in time, dropped in time, there in time, and of a good size."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import pairwise

from console.iso import to_day
from console.phi import is_audit
from console.services.health.check import Around, Check, above, below, crit, ok, unknown, warn, worst
from console.services.health.models import Verdict
from console.services.health.sources import PARTLY, STORAGE
from console.services.health.storage import PartlyCompressed, Stored
from console.services.storage.models import Part, Policy
from console.services.storage.tables import Table
from console.units import bytes_text, count, number_of

WEEK = 604_800.0
"""Seconds."""

STAY = "-- Rows dated over seven years ago, or over a year ahead, stay: find out who wrote them."
"""What the same does not do."""

ENSURE = "select audit_ensure_partitions(now(), now() + interval '8 weeks');  -- or: emr-console maintain"
"""Makes partitions, and moves rows out of DEFAULT."""

FUTURE = timedelta(days=14)
"""How far ahead a chunk may begin before a clock is wrong somewhere."""

LATELY = timedelta(days=90)
"""How far back a gap between chunks is looked for: nobody can do anything about an older one."""


def backlog(found: Stored, around: Around) -> Verdict | None:
    """Chunks that the policy should have compressed by now."""
    late = [
        (table, part)
        for table in found.tables
        for part in _late(table.compress, found.parts.get(table.divided.oid, ()))
        if not part.compressed
    ]
    if not any(table.compress for table in found.tables):
        return None
    limits = around.limits.backlog_warn, around.limits.backlog_crit
    said = "every chunk is compressed that should be"
    if late:
        labels = sorted({table.label for table, _ in late})
        said = f"{number_of(len(late), 'chunk')} of {' and '.join(labels)} should be compressed"
    remedy = "\n".join(f"select compress_chunk('{_literal(part.label)}');" for _, part in late[:20])
    return above(len(late), limits, said, remedy)


def expired(found: Stored, around: Around) -> Verdict | None:
    """Chunks that retention should have dropped by now."""
    late = [
        part
        for table in found.tables
        for part in _late(table.drop, found.parts.get(table.divided.oid, ()), float(table.width or 0.0))
    ]
    if not any(table.drop for table in found.tables):
        return None
    limits = around.limits.expired_warn, around.limits.expired_crit
    said = f"{number_of(len(late), 'chunk')} should have been dropped" if late else "retention drops in time"
    jobs = sorted({table.drop.job_id for table in found.tables if table.drop})
    return above(len(late), limits, said, "\n".join(f"call run_job({job});" for job in jobs) if late else "")


def batches(found: Stored, around: Around) -> Verdict | None:
    """Whether compressing pays: full batches, and fewer bytes."""
    judged = []
    for table in found.tables:
        rows, ratio = table.sums and table.sums.rows_per_batch, table.sums and table.sums.ratio
        if rows is None or not rows:
            continue
        size = f", {ratio:.1f} times smaller" if ratio else ""
        said = f"{table.label}: {count(rows)} rows a batch{size}"
        limits = around.limits.rows_per_batch_warn, around.limits.rows_per_batch_crit
        remedy = f"alter table {table.label} set (timescaledb.compress_segmentby = '');  -- then recompress"
        judged.append(below(rows, limits, said, remedy))
        if ratio:
            judged.append(below(ratio, (around.limits.compression_ratio_warn, None), said, remedy))
    return worst(judged) if judged else None


def partly_compressed(found: PartlyCompressed, around: Around) -> Verdict | None:
    """Compressed chunks with rows beside: every query reads both."""
    if found.unknown:
        return unknown(found.unknown)
    if not found.compressed:
        return None
    many, share = len(found.chunks), 100 * len(found.chunks) / found.compressed
    if not many:
        return ok(f"all {count(found.compressed)} compressed chunks are wholly so", 0)
    said = f"{number_of(many, 'chunk')} of {count(found.compressed)} partly compressed"
    remedy = "\n".join(f"select compress_chunk({each});" for each in found.chunks[:20])
    judge = crit if share > around.limits.partial_crit else warn
    return judge(said, many, 1, remedy=remedy)


def active_indexes(found: Stored, around: Around) -> Verdict | None:
    """Whether the indexes that today's rows go to have room in memory."""
    measured = [(t.measure.active_indexes, t) for t in found.tables if t.measure and t.measure.active_indexes]
    if not measured:
        return None
    size, table = max(measured, key=lambda pair: pair[0])
    share = 100 * size / found.shared_buffers
    said = f"today's indexes of {table.label}: {bytes_text(size)}, {share:.0f} % of shared_buffers"
    limits = around.limits.active_index_warn, around.limits.active_index_crit
    name = _literal(table.label)
    remedy = f"select set_chunk_time_interval('{name}', interval '1 day');  -- for chunks to come"
    return above(share, limits, said, remedy if table.divided.kind == "hypertable" else "")


def small_chunks(found: Stored, around: Around) -> Verdict | None:
    """Whether a table has many small chunks, each of which costs every plan."""
    if not found.tables:
        return None
    for table in found.tables:
        sums = table.sums
        if sums is None or sums.chunks <= around.limits.chunks_many or sums.rows is None:
            continue
        rows = sums.rows / max(1, sums.chunks - sums.unmeasured)
        if rows < around.limits.chunk_rows_least and table.divided.kind == "hypertable":
            said = f"{table.label}: {number_of(sums.chunks, 'chunk')} of {count(rows)} rows"
            remedy = f"select set_chunk_time_interval('{_literal(table.label)}', interval '28 days');"
            return warn(said, rows, around.limits.chunk_rows_least, remedy=remedy)
    return ok("no table has many small chunks")


def calendar(found: Stored, around: Around) -> Verdict | None:
    """Whether audit rows arrive: a chunk for now, none far ahead, no gap between the last ones."""
    tables = [table for table in found.tables if table.divided.kind == "hypertable" and is_audit(table.label)]
    judged = [_calendar(table, found) for table in tables if found.parts.get(table.divided.oid)]
    return worst(judged) if judged else None


def partitions_ahead(found: Stored, around: Around) -> Verdict | None:
    """Whether audit rows of the next weeks have a partition to go to."""
    tables = _partitioned(found)
    if not tables:
        return None
    ahead = {table.label: covered(found.parts.get(table.divided.oid, ()), found) / WEEK for table in tables}
    table, weeks = min(ahead.items(), key=lambda pair: pair[1])
    said = f"partitions of {table} for {weeks:.1f} weeks ahead" if weeks else f"{table} has no partition for today"
    limits = around.limits.partitions_ahead_warn, around.limits.partitions_ahead_crit
    return below(weeks, limits, said, ENSURE)


def strays(found: Stored, around: Around) -> Verdict | None:
    """Whether audit rows had no partition and wait in DEFAULT, which retention never reaches."""
    tables = _partitioned(found)
    if not tables:
        return None
    waiting = {table.label: table.sums.default_rows for table in tables if table.sums and table.sums.default_rows}
    if not waiting:
        return ok("no row in a DEFAULT partition", 0)
    said = " and ".join(f"{number_of(rows, 'row')} in {table}_default" for table, rows in waiting.items())
    return warn(f"about {said}", sum(waiting.values()), 1, remedy=f"{ENSURE}\n{STAY}")


def unanalyzed(found: Stored, around: Around) -> Verdict | None:
    """Chunks of which the planner knows nothing."""
    missing = {t.label: t.sums.unmeasured for t in found.tables if t.sums and t.sums.unmeasured and t.compress}
    if not any(table.compress for table in found.tables):
        return None
    if not missing:
        return ok("every chunk has been analyzed", 0)
    said = " and ".join(f"{number_of(many, 'chunk')} of {label}" for label, many in missing.items())
    remedy = "\n".join(f"analyze {label};" for label in missing)
    return warn(f"{said} never analyzed", sum(missing.values()), 1, remedy=remedy)


def covered(parts: Sequence[Part], found: Stored) -> float:
    """Seconds from now on for which there are partitions without a gap."""
    reached = found.as_of
    for part in sorted((p for p in parts if p.range_start and p.range_end), key=lambda p: p.range_start or found.as_of):
        if part.range_start and part.range_end and part.range_start <= reached < part.range_end:
            reached = part.range_end
    return (reached - found.as_of).total_seconds()


def _late(policy: Policy | None, parts: Sequence[Part], grace: float = 0.0) -> list[Part]:
    """The parts that a policy had two runs, and some grace, to see to."""
    if policy is None or policy.before is None or policy.by_birth:
        return []
    before = policy.before - timedelta(seconds=(2 * policy.every if policy.drops else policy.every) + grace)
    return [part for part in parts if part.range_end is not None and part.range_end < before]


def _calendar(table: Table, found: Stored) -> Verdict:
    parts = sorted(
        (part for part in found.parts[table.divided.oid] if part.range_end and part.range_start),
        key=lambda part: part.range_end or found.as_of,
    )
    if not parts:
        return ok(f"{table.label} has no chunk by time")
    ahead = [part.range_start for part in parts if part.range_start and part.range_start > found.as_of + FUTURE]
    if ahead:
        said = f"{table.label} has rows of {to_day(ahead[-1])}: somebody's clock is wrong"
        return warn(
            said,
            len(ahead),
            1,
            remedy=f"select * from show_chunks('{_literal(table.label)}', newer_than => now());",
        )
    newest = parts[-1].range_end
    if newest is not None and newest < found.as_of:
        return crit(f"{table.label} has taken no row since {to_day(newest)}", 1, 1)
    for before, after in pairwise(parts):
        end, start = before.range_end, after.range_start
        if end and start and end < start and start > found.as_of - LATELY:
            return warn(f"{table.label} has no row from {to_day(end)} to {to_day(start)}", 1, 1)
    return ok(f"{table.label} takes rows of today")


def _partitioned(found: Stored) -> list[Table]:
    return [table for table in found.tables if table.divided.kind == "partitioned" and is_audit(table.label)]


def _literal(label: str) -> str:
    return label.replace("'", "''")


CHECKS = (
    Check("H06", "Compression in time", STORAGE, backlog, "storage"),
    Check("H07", "Partly compressed chunks", PARTLY, partly_compressed, "storage"),
    Check("H08", "Use of compression", STORAGE, batches, "storage"),
    Check("H13", "Retention in time", STORAGE, expired, "storage"),
    Check("H14", "Indexes of today", STORAGE, active_indexes, "storage"),
    Check("H14b", "Small chunks", STORAGE, small_chunks, "storage"),
    Check("H16", "Audit rows arrive", STORAGE, calendar, "storage"),
    Check("D17", "Partitions ahead", STORAGE, partitions_ahead, "storage"),
    Check("D18", "Rows in DEFAULT", STORAGE, strays, "storage"),
    Check("H24", "Analyzed chunks", STORAGE, unanalyzed, "storage"),
)
"""What can be told of chunks and partitions."""
