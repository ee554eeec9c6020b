"""The page of advice on one table: what to do, and what other choices would come to."""

from collections.abc import Iterable, Iterator, Sequence

from console.services.advice.models import Advice, Level, Report
from console.services.advice.rules import BATCH, fits, told
from console.ui.detail import Block, DetailScreen
from console.ui.facts import Fact
from console.units import bytes_text, count

SIGNS = {Level.DO: "✖", Level.CONSIDER: "▲", Level.FINE: "●", Level.UNKNOWN: "?"}
"""What stands before advice."""

INDEXES = "Indexes that nobody uses, or that do the same as another: the Database pane, tab Indexes."
"""Where the advice on indexes is: over all tables, each with those of its chunks."""


def page(report: Report) -> DetailScreen:
    """All advice on one table."""
    return DetailScreen(f"advice on {report.facts.table}", facts(report), blocks(report))


def facts(report: Report) -> list[Fact]:
    """What the advice is made from."""
    known = report.facts
    found = {
        "chunks": f"{count(known.chunks)}, of about {count(known.rows_per_chunk)} rows" if known.rows else None,
        "shared_buffers": bytes_text(known.shared_buffers),
        "lock table": f"{count(known.budget.lock_slots)} places",
        "indexes": count(known.budget.indexes),
        "segmentby": ", ".join(known.segment_by) or ("none" if known.compresses else None),
        "orderby": ", ".join(known.order_by) or None,
    }
    return [(label, value) for label, value in found.items() if value]


def blocks(report: Report) -> list[Block]:
    """Advice, then the tables of what if."""
    made = [Block("advice", "\n".join([*map(_advice, report.advice), "", INDEXES]))]
    if report.widths:
        made.append(Block("chunks of another width, for as long as rows are kept", "\n".join(_widths(report))))
    if report.segments:
        made.append(Block("segmentby: rows that a batch would hold, about", "\n".join(_segments(report))))
    if report.defects:
        made.append(Block("known defects of this TimescaleDB", "\n".join(report.defects)))
    return made


def _advice(advice: Advice) -> str:
    return f"{SIGNS[advice.level]} {advice.said}" + (f"\n  {advice.sql}" if advice.sql else "")


def _widths(report: Report) -> Iterator[str]:
    head = ("width", "chunks", "rows each", "indexes", "of cache", "of locks", "")
    rows = [(*told(width), _fit(width.seconds == report.facts.width, fits(width))) for width in report.widths]
    yield from aligned([head, *rows])


def _fit(present: bool, room: bool) -> str:
    return " ".join(part for part in ("" if room else "✖ no room", "← now" if present else "") if part)


def _segments(report: Report) -> Iterator[str]:
    present = tuple(report.facts.segment_by)
    for segment in report.segments:
        rows = "unknown" if segment.rows_per_batch is None else f"{segment.rows_per_batch:,.0f} of {BATCH:,}"
        here = "  ← now" if tuple(segment.columns) == present else ""
        yield f"{', '.join(segment.columns) or '(none)':<24}  {rows:>14}{here}"


def aligned(rows: Sequence[Sequence[str]]) -> Iterable[str]:
    """Rows as lines, the first column to the left, the last as it is, the others to the right.

    >>> list(aligned([("width", "chunks", ""), ("7 days", "366", "now")]))
    ['width   chunks', '7 days     366  now']
    """
    wide = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    for first, *middle, last in rows:
        cells = [first.ljust(wide[0]), *(cell.rjust(wide[place]) for place, cell in enumerate(middle, 1)), last]
        yield "  ".join(cells).rstrip()
