"""How a table is written in a line, and what is told of it on a page."""

from console.panes.database.tables.models import Detail, Table
from console.shared.levels import signed, tone
from console.ui.columns import Column, Kind, Tone
from console.ui.facts import Fact
from console.ui.text import age, bytes_text, count
from console.units import number_of


def size_text(table: Table) -> str:
    """Its size; a tilde where it is not measured, and a plus where parts of it were never looked at."""
    if table.exact is not None:
        return bytes_text(table.bytes)
    return f"~{bytes_text(table.bytes)}{'+' if table.relation.unmeasured else ''}"


def dead_text(table: Table) -> str:
    """The share of dead rows, with a sign where vacuum does not keep up.

    >>> from console.panes.database.tables.models import Relation
    >>> row = lambda level, **known: Table(Relation.model_construct(**known), "table", level)
    >>> dead_text(row("warn", overdue_share=0.21)), dead_text(row("ok", live_rows=90, dead_rows=10))
    ('▲ 21 %', '10 %')
    """
    share = table.dead_share
    if share is None:
        return ""
    said = f"{100 * share:.0f} %"
    return said if table.level == "ok" else signed(table.level, said)


COLUMNS: tuple[Column[Table], ...] = (
    Column(id="table", title="table", value=lambda t: t.label, width=18, grows=True),
    Column(id="kind", title="kind", value=lambda t: t.kind, width=12, priority=6),
    Column(id="parts", title="parts", value=lambda t: t.relation.parts or None, width=5, kind=Kind.NUMBER, priority=5),
    Column(id="size", title="size", value=lambda t: t.bytes, drawn=size_text, width=9, kind=Kind.BYTES),
    Column(id="indexes", title="indexes", value=lambda t: t.relation.index_bytes, width=7, kind=Kind.BYTES, priority=4),
    Column(id="rows", title="rows", value=lambda t: t.relation.rows, width=11, kind=Kind.NUMBER),
    Column(
        id="dead",
        title="dead",
        value=lambda t: t.relation.dead_rows or None,
        drawn=dead_text,
        width=6,
        kind=Kind.NUMBER,
        tone=lambda t: Tone.PLAIN if t.level == "ok" else tone(t.level),
    ),
    Column(id="vacuum", title="vacuum", value=lambda t: t.relation.vacuum_age, width=6, kind=Kind.SECONDS, priority=2),
    Column(
        id="analyze", title="analyze", value=lambda t: t.relation.analyze_age, width=7, kind=Kind.SECONDS, priority=2
    ),
    Column(id="seq", title="seq scans", value=lambda t: t.relation.seq_scans, width=9, kind=Kind.NUMBER, priority=3),
    Column(id="idx", title="idx scans", value=lambda t: t.relation.index_scans, width=10, kind=Kind.NUMBER, priority=3),
)
"""What is shown of a table; without room the highest priorities go first."""


def facts(table: Table, more: Detail | None) -> list[Fact]:
    """All that is known of a table, in words."""
    row = table.relation
    approximate = f"{size_text(table)} at the last VACUUM or ANALYZE, {bytes_text(row.index_bytes)} of it indexes"
    known = {
        "table": f"{row.schema_name}.{row.name}",
        "kind": f"{table.kind} of {count(row.parts)} parts" if row.parts else table.kind,
        "comment": more.comment if more else None,
        "size": f"{bytes_text(table.exact)}, measured" if table.exact is not None else approximate,
        "on disk now": f"{more.table_size}, and {more.index_size} of indexes" if more and not row.parts else None,
        "never measured": f"{count(row.unmeasured)} parts" if row.unmeasured else None,
        "rows": f"about {count(row.rows)}",
        "dead rows": f"{count(row.dead_rows)} of {count(row.dead_rows + row.live_rows)}",
        "changed": f"{number_of(row.changed_rows, 'row')} since the last ANALYZE",
        "last vacuum": _ago(row.vacuum_age),
        "last analyze": _ago(row.analyze_age),
        "read": f"{number_of(row.seq_scans, 'time')} whole, {count(row.index_scans) or 'never'} by an index",
    }
    return [
        (label, value)
        for label, value in (known | (_written(more, parts=row.parts > 0) if more else {})).items()
        if value
    ]


def _ago(seconds: float | None) -> str:
    return "never, as far as the counters know" if seconds is None else f"{age(seconds)} ago"


def _written(more: Detail, *, parts: bool) -> dict[str, str | None]:
    """What was done to it since the counters began, and what it has of its own."""
    own = {
        "indexes": count(more.indexes) or None,
        "referenced by": f"{count(more.referenced_by)} foreign keys" if more.referenced_by else None,
        "own settings": ", ".join(more.options) if more.options else None,
    }
    if parts:  # which hold the rows, and count for themselves
        return own
    changes = f"{count(more.inserted)} inserted, {count(more.updated)} updated, {count(more.deleted)} deleted"
    share = f"{100 * (more.updated_in_place or 0) / more.updated:.0f} % (HOT)" if more.updated else None
    return own | {
        "written": changes if more.inserted is not None else None,
        "updated in place": share,
        "cleaned up": f"{count(more.vacuums)} vacuums, {count(more.analyzes)} analyzes" if more.vacuums else None,
        "not frozen": f"for {count(more.frozen_age)} transactions",
    }
