"""The rules of advice: pure, from the facts of one table."""

from collections.abc import Iterator, Sequence
from math import ceil, prod

from console.services.advice.models import Advice, Facts, Level, Segment, Width
from console.units import bytes_text, count

DAY = 86_400.0
WIDTHS = (DAY, 7 * DAY, 14 * DAY, 28 * DAY, 91 * DAY, 365 * DAY)
"""Chunk intervals that are compared with the present one."""

ENOUGH_CACHE = 0.25
"""The part of the server's cache that the indexes of today's chunk should take at the most."""

ENOUGH_LOCKS = 0.25
"""The part of the lock table that one query may take; at a half, two of them do not fit."""

LEAST_ROWS = 100_000
"""Rows from which a chunk is worth its plan, its locks and its files."""

BATCH = 1_000
"""Rows that a batch holds at the most."""

POOR_BATCH = 100
"""Rows per batch below which compressing makes tables hardly smaller, and queries slower."""

HOPELESS_BATCH = 20
"""Rows per batch below which it makes them larger or much slower."""

COMPRESSED_LOCKS = 2
"""Locks that a compressed chunk takes besides."""

LONGEST = 7 * 365.25 * DAY
"""How long rows are taken to be kept where nothing drops them."""


def advise(facts: Facts) -> list[Advice]:
    """All advice, the most urgent first."""
    found = [*_on_width(facts), *_on_segments(facts)]
    return sorted(found, key=lambda advice: list(Level).index(advice.level))


def widths(facts: Facts) -> list[Width]:
    """What chunks of other widths would come to, the present one among them."""
    if not facts.width:
        return []
    return [what_if(facts, seconds) for seconds in sorted({*WIDTHS, facts.width})]


def what_if(facts: Facts, seconds: float) -> Width:
    """What chunks of a width come to; rows and indexes grow with it, locks with the number of chunks."""
    if not facts.width:
        raise ValueError("a table by number has no width in seconds")
    factor = seconds / facts.width
    chunks = max(1, ceil((facts.keeps or _span(facts)) / seconds))
    index_bytes = facts.active_index_bytes * factor if facts.active_index_bytes is not None else None
    locks = chunks * (1 + facts.budget.indexes + (COMPRESSED_LOCKS if facts.compresses else 0))
    rows = facts.rows_per_chunk
    return Width(
        seconds,
        chunks,
        rows * factor if rows is not None else None,
        index_bytes,
        index_bytes / facts.shared_buffers if index_bytes is not None else None,
        locks / facts.budget.lock_slots,
    )


def fits(width: Width) -> bool:
    """Whether the server has room for such chunks: their indexes in its cache, all of them in its lock table."""
    return (width.cache_share or 0.0) <= ENOUGH_CACHE and width.lock_share <= ENOUGH_LOCKS


def best(found: Sequence[Width]) -> Width | None:
    """The narrowest width that fits and whose chunks have enough rows, else the widest that fits; None if none does."""
    room = [width for width in found if fits(width)]
    full = [width for width in room if (width.rows or 0) >= LEAST_ROWS]
    return full[0] if full else room[-1] if room else None


def segments(facts: Facts) -> list[Segment]:
    """What parting by each column would come to, the present choice and none at all first."""
    if not facts.compresses:
        return []
    present = tuple(facts.segment_by)
    columns = [(column,) for column in facts.distinct if column not in facts.order_by and (column,) != present]
    first = [Segment(choice, rows_per_batch(facts, choice)) for choice in dict.fromkeys([present, ()])]
    others = [Segment(choice, rows_per_batch(facts, choice)) for choice in columns]
    return [*first, *sorted(others, key=lambda each: -(each.rows_per_batch or 0))]


def rows_per_batch(facts: Facts, columns: Sequence[str]) -> float | None:
    """Rows that a batch holds, about, if rows are parted by some columns; None where that cannot be told.

    Columns are taken to be independent of each other, which makes batches look smaller than they are.
    """
    rows = facts.rows_per_chunk
    if rows is None or any(facts.distinct.get(column) is None for column in columns):
        return None
    values = prod(_values(facts.distinct[column] or 1.0, rows) for column in columns)
    return min(BATCH, rows / min(values, max(1.0, rows)))


def _on_width(facts: Facts) -> Iterator[Advice]:
    if not facts.width:
        yield Advice(Level.UNKNOWN, "It is divided by number, so that no span of time tells how large chunks get.")
        return
    now, other = what_if(facts, facts.width), best(widths(facts))
    if now.cache_share is None or now.rows is None:
        yield Advice(Level.UNKNOWN, "Nobody has analyzed its newest chunk.", f"analyze {facts.quoted};")
    small = facts.chunks > 1 and now.rows is not None and now.rows < LEAST_ROWS
    if fits(now) and not small:
        yield Advice(
            Level.FINE, "Its chunks are of a good width: there is room for their indexes, and for their locks."
        )
    elif other is None:
        yield Advice(
            Level.DO, f"{_why(now)} No width has room for both: raise shared_buffers or max_locks_per_transaction."
        )
    elif other.seconds != facts.width:
        level = Level.CONSIDER if fits(now) else Level.DO
        parts = "Chunks" if facts.hypertable else "Partitions"
        said = f"{_why(now)} {parts} of {_days(other.seconds)} would fit better."
        yield Advice(level, said, _interval(facts, other))


def _why(now: Width) -> str:
    if now.lock_share > ENOUGH_LOCKS:
        return f"A query of the whole table takes {now.lock_share:.0%} of the lock table."
    if (now.cache_share or 0.0) > ENOUGH_CACHE:
        return f"The indexes of today's chunk take {now.cache_share:.0%} of shared_buffers."
    return f"A chunk has about {count(now.rows)} rows, and costs every plan as much as one of millions."


def _interval(facts: Facts, other: Width) -> str:
    if not facts.hypertable:
        return ""
    name = facts.quoted.replace("'", "''")
    return f"select set_chunk_time_interval('{name}', interval '{_days(other.seconds)}');  -- for chunks to come"


def _on_segments(facts: Facts) -> Iterator[Advice]:
    if not facts.compresses:
        return
    held, by = facts.rows_per_batch, ", ".join(facts.segment_by)
    for column in facts.segment_by:
        spread = facts.distinct.get(column)
        if spread == 1:
            yield Advice(Level.CONSIDER, f"segmentby {column}: it has one value, and parts nothing.")
        elif spread is not None and spread < 0:
            yield Advice(
                Level.DO, f"segmentby {column}: its values grow with the rows; each batch holds few.", _none(facts)
            )
    if held is None:
        return
    if held < POOR_BATCH and facts.segment_by:
        level = Level.DO if held < HOPELESS_BATCH else Level.CONSIDER
        yield Advice(
            level, f"A batch holds {held:.0f} rows of {BATCH:,}, parted by {by}: do not part them.", _none(facts)
        )
    elif held < POOR_BATCH:
        yield Advice(Level.CONSIDER, f"A batch holds {held:.0f} rows of {BATCH:,}: chunks are too small to fill one.")
    else:
        made = f", and made it {facts.ratio:.1f} times smaller" if facts.ratio else ""
        yield Advice(Level.FINE, f"A batch holds {held:,.0f} rows of {BATCH:,}{made}.")


def _none(facts: Facts) -> str:
    return (
        f"alter table {facts.quoted} set (timescaledb.compress_segmentby = '');"
        "  -- for chunks compressed from now on; recompress older ones one at a time"
    )


def _values(spread: float, rows: float) -> float:
    """Different values in one chunk: at most those of the table, and no more than it has rows."""
    return max(1.0, -spread * rows if spread < 0 else min(spread, rows))


def _span(facts: Facts) -> float:
    """For how long rows have been kept so far, and seven years at the least: nothing drops them."""
    return max(LONGEST, facts.chunks * (facts.width or 0.0))


def _days(seconds: float) -> str:
    days = seconds / DAY
    return f"{days:g} day{'' if days == 1 else 's'}"


def told(width: Width) -> tuple[str, ...]:
    """One row of the what-if table: width, chunks, rows, indexes of today's chunk, part of the cache, of the locks.

    >>> told(Width(604_800.0, 366, 27_322.6, 3_145_728.0, 0.0234, 0.4))
    ('7 days', '366', '27,323', '3.00 MB', '2 %', '40 %')
    """
    return (
        _days(width.seconds),
        count(width.chunks),
        count(width.rows),
        bytes_text(width.index_bytes),
        "" if width.cache_share is None else f"{width.cache_share * 100:.0f} %",
        f"{width.lock_share * 100:.0f} %",
    )
