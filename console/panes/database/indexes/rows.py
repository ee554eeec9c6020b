"""How an index is written in a line, and what is told of it on a page."""

from console.iso import to_minute
from console.panes.database.indexes.models import Index, Indexes
from console.sql.lexer import mask
from console.ui.columns import Column, Kind, Tone
from console.ui.detail import Block
from console.ui.facts import Fact
from console.ui.text import bytes_text, count
from console.units import number_of

COUNTED_HERE = (
    "Reads are counted on each server by itself: an index that is unused here may serve a standby, a yearly report, "
    "or the foreign keys of rows that are deleted."
)
"""What somebody should know before he drops one."""


def size_text(index: Index) -> str:
    """Its size; a tilde where it is not measured."""
    return bytes_text(index.bytes) if index.exact is not None else f"~{bytes_text(index.bytes)}"


def finding_drawn(index: Index) -> str:
    """The same with the sign that says what the colour says."""
    signs = {Tone.ERROR: "✖ ", Tone.WARNING: "▲ ", Tone.INFO: "● "}
    return f"{signs.get(tone(index), '')}{index.finding or ''}"


def tone(index: Index) -> Tone:
    """The colour of the finding."""
    if index.row.builder is not None:
        return Tone.INFO
    if index.invalid:
        return Tone.ERROR
    return Tone.WARNING if index.duplicate_of or index.covered_by else Tone.MUTED


COLUMNS: tuple[Column[Index], ...] = (
    Column(id="index", title="index", value=lambda i: i.row.name, width=27, grows=True),
    Column(id="table", title="table", value=lambda i: i.table, width=16, priority=3),
    Column(id="size", title="size", value=lambda i: i.bytes, drawn=size_text, width=8, kind=Kind.BYTES),
    Column(id="scans", title="scans", value=lambda i: i.row.scans, width=9, kind=Kind.NUMBER),
    Column(
        id="finding", title="finding", value=lambda i: i.finding, drawn=finding_drawn, width=27, tone=tone, grows=True
    ),
    Column(id="method", title="method", value=lambda i: i.row.method, width=6, priority=5),
    Column(id="parts", title="parts", value=lambda i: i.row.parts or None, width=5, kind=Kind.NUMBER, priority=4),
    Column(id="constraint", title="constraint", value=lambda i: i.row.constraint_name, width=20, priority=6),
)
"""What is shown of an index; without room the highest priorities go first."""


def facts(index: Index, beside: Indexes) -> list[Fact]:
    """All that is known of an index, in words."""
    row = index.row
    since = f"since {to_minute(beside.counted_since)} UTC" if beside.counted_since else "since the counters began"
    known = {
        "index": row.quoted,
        "table": f"{row.schema_name}.{row.table_name}",
        "parts": count(row.parts) if row.parts else None,
        "size": f"{size_text(index)}{'' if index.exact is not None else ', as of the last VACUUM or ANALYZE'}",
        "used": f"{number_of(row.scans, 'time')} on this {'standby' if beside.in_recovery else 'server'} {since}",
        "stands for": f"constraint {row.constraint_name}" if row.constraint_name else None,
        "keeps unique": "yes" if row.is_unique else None,
        "replication": "finds rows by it" if row.identifies else None,
        "invalid": _invalid(index),
        "same as": f"{index.duplicate_of}, which stays" if index.duplicate_of else None,
        "covered by": f"{index.covered_by}, which begins with the same columns" if index.covered_by else None,
        "finding": index.finding if row.builder is not None else None,
        "unused": COUNTED_HERE if index.unused else None,
        "locks": "DROP INDEX takes ACCESS EXCLUSIVE on the table and all its parts" if row.rooted else None,
    }
    return [(label, value) for label, value in known.items() if value]


def blocks(index: Index) -> list[Block]:
    """What it is, and where there is a reason to do without it, how to be rid of it and how to have it back."""
    definition, undo = index.row.definition, index.undo
    if definition is None or undo is None:
        return [Block("definition", f"not known while {index.table} is locked exclusively")]
    if index.drop is None or not (index.spare or index.duplicate_of):
        return [_masked("definition", f"{definition};")]
    rebuild = [Block("build it anew", index.rebuild, "sql")] if index.invalid and not index.row.rooted else []
    return [*rebuild, Block("drop", index.drop, "sql"), _masked("undo", undo)]


def _masked(title: str, sql: str) -> Block:
    """SQL without its constants: one may be a patient's, in the predicate of an index that somebody made for him."""
    shown = mask(sql)
    return Block(title if shown == sql else f"{title}; y copies it with its constants", shown, "sql", sql)


def _invalid(index: Index) -> str | None:
    if not index.invalid:
        return None
    which = f"{count(index.row.broken)} of its parts" if index.row.parts else "a failed build left it behind"
    return f"{which}; every write keeps it up, no reader may use it"
