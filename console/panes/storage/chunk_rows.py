"""How a chunk is written: in a line, on a page, and when it was measured."""

from collections.abc import Sequence

from console.panes.storage.timeline import GLYPHS, TONES, look
from console.services.storage.chunks import Chunk, Chunks
from console.services.storage.exact import Exact
from console.services.storage.models import Divided
from console.services.storage.models import Kind as Owner
from console.services.storage.words import ahead, bound
from console.ui.columns import Column, Kind, Tone
from console.ui.facts import Fact
from console.ui.text import fit, sanitise
from console.units import age, bytes_text, count

NAMES = 27
"""Cells that names of chunks have beside their exact figures, on a page of 80; weeks of the audit tables fit."""


def state_text(chunk: Chunk) -> str:
    """The state in a word, behind the sign that stands for it on the timeline; DEFAULT warns when it holds rows."""
    if chunk.state == "default":
        return "▲ default" if chunk.part.rows else "  default"
    sign = GLYPHS["empty" if look(chunk) == "empty" else chunk.state]
    return f"{sign} {'frozen' if chunk.frozen else chunk.state}"


def tone(chunk: Chunk) -> Tone:
    """The colour that goes with it."""
    if chunk.state == "default":
        return Tone.WARNING if chunk.part.rows else Tone.MUTED
    return TONES.get(look(chunk) if look(chunk) == "empty" else chunk.state, Tone.PLAIN)


def drop_text(chunk: Chunk) -> str:
    """When it goes: with the next run, or when it will be old enough."""
    if chunk.next_to_drop:
        return "x next"
    return "" if chunk.drops_at is None else bound(chunk.drops_at)[:10]


def drop_tone(chunk: Chunk) -> Tone:
    """What goes next is worth a look."""
    return Tone.WARNING if chunk.next_to_drop else Tone.MUTED


_RANGE: tuple[Column[Chunk], ...] = (
    Column(id="from", title="from", value=lambda c: c.start, drawn=lambda c: bound(c.start), width=10),
    Column(id="to", title="to", value=lambda c: c.end, drawn=lambda c: bound(c.end), width=10, priority=3),
    Column(id="state", title="state", value=lambda c: c.state, drawn=state_text, width=14, tone=tone),
    Column(id="size", title="size ≈", value=lambda c: c.bytes, width=7, kind=Kind.BYTES),
    Column(id="rows", title="rows ≈", value=lambda c: c.part.rows, width=9, kind=Kind.NUMBER, priority=2),
)

_GOES: Column[Chunk] = Column(
    id="goes", title="goes", value=lambda c: c.drops_at, drawn=drop_text, width=10, tone=drop_tone, priority=4
)
_NAME: Column[Chunk] = Column(
    id="chunk", title="chunk", value=lambda c: c.part.chunk_name, width=22, grows=True, priority=5
)

COLUMNS: dict[Owner, tuple[Column[Chunk], ...]] = {
    "partitioned": (*_RANGE, _NAME),
    "hypertable": (
        *_RANGE,
        _GOES,
        Column(id="before", title="before", value=lambda c: c.part.bytes_before, width=7, kind=Kind.BYTES, priority=6),
        Column(id="created", title="created", value=lambda c: c.part.created, drawn=lambda c: bound(c.part.created),
               width=16, priority=7),
        _NAME,
    ),
}  # fmt: skip
"""What is shown of a chunk, by whose it is; without room the highest priorities go first."""


def facts(chunk: Chunk, table: Divided, found: Chunks | None) -> list[Fact]:
    """All that is known of a chunk, in words."""
    part, beside = chunk.part, chunk.beside
    now = found.as_of if found else None
    analyzed = f", as of {bound(beside.measured)}" if beside and beside.measured else ""
    known = {
        "table": table.label,
        "from": bound(chunk.start) or ("without a beginning" if chunk.state != "default" else None),
        "to": bound(chunk.end) or ("without an end" if chunk.state != "default" else None),
        "state": f"{chunk.state}{', frozen' if chunk.frozen else ''}",
        "size": f"about {bytes_text(chunk.bytes)}{analyzed}" if chunk.bytes is not None else "never analyzed",
        "of that indexes": bytes_text(beside.index_bytes) if beside and not part.compressed else None,
        "before compression": bytes_text(part.bytes_before) if part.bytes_before else None,
        "rows": f"about {count(part.rows)}" if part.rows is not None else None,
        "rows per batch": f"{part.rows / part.batches:,.0f}" if part.rows and part.batches else None,
        "created": f"{bound(part.created)} UTC" if part.created else None,
        "age": age((now - part.range_end).total_seconds()) if now and part.range_end and part.range_end < now else None,
        "goes": "with the next run" if chunk.next_to_drop else ahead(chunk.drops_at, now) if now else None,
    }
    return [(label, value) for label, value in known.items() if value]


def measured_text(found: Sequence[Exact]) -> str:
    """Exact figures beside those of the last ANALYZE, in lines for the narrowest screen."""
    room = min(NAMES, max((len(each.chunk.part.chunk_name) for each in found), default=0))
    lines = [f"{fit('chunk', room)} {'size':>9} {'rows':>13} {'size ≈':>9} {'rows ≈':>13}"]
    for each in found:
        rows = "hidden" if each.rows is None and each.bytes is not None else count(each.rows)
        size = "gone" if each.bytes is None else bytes_text(each.bytes)
        part = each.chunk.part
        name = fit(sanitise(part.chunk_name), room)
        lines.append(f"{name} {size:>9} {rows:>13} {bytes_text(each.chunk.bytes):>9} {count(part.rows):>13}")
    return "\n".join(lines)
