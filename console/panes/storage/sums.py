"""The lines above the lists: what they come to, and how old that is which is not asked at each refresh."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from console.panes.storage.timeline import GLYPHS, TONES, look
from console.services.storage.chunks import Chunk, Chunks
from console.services.storage.tables import Tables
from console.ui.bar import DataBar, width_of
from console.ui.columns import Tone
from console.ui.lines import Piece
from console.units import age, bytes_text, count, number_of

WORDS = {
    "drop": "next",
    "partial": "partial",
    "uncompressed": "uncompressed",
    "compressed": "compressed",
    "empty": "empty",
}
"""What the cells of the timeline mean; what matters most is told first, because the rest may be cut off."""


class StorageSums(DataBar[Sequence[Piece]]):
    """One line of sums."""

    def told(self, data: Sequence[Piece], width: int) -> Sequence[Piece]:
        """What matters little goes where there is no room for it."""
        room = width - width_of(piece for piece in data if piece.tone != Tone.MUTED)
        return [piece for piece in data if piece.tone != Tone.MUTED or width_of([piece]) <= room]


def of_tables(found: Tables) -> list[Piece]:
    """What all tables come to."""
    sums = [table.sums for table in found.tables if table.sums]
    chunks, compressed = sum(each.chunks for each in sums), sum(each.compressed for each in sums)
    size = sum(table.bytes or 0 for table in found.tables)
    defaults = sum(each.default_rows is not None for each in sums)
    said = f"  {number_of(len(found.tables), 'table')} · {number_of(chunks, 'chunk')}"
    rest = f"{f' · {count(compressed)} compressed' if compressed else ''} · ≈ {bytes_text(size)}"
    strays = sum(each.default_rows or 0 for each in sums)
    warned = Piece(f" · ▲ {number_of(strays, 'row')} in DEFAULT" if strays else "", Tone.WARNING)
    return [
        *([Piece(said, Tone.PLAIN), Piece(f" + {count(defaults)} DEFAULT", Tone.MUTED)] if defaults else []),
        Piece(rest if defaults else said + rest, Tone.PLAIN),
        warned,
        *_asked(found.measures.as_of if found.measures else None, found.as_of),
    ]


def of_chunks(found: Chunks) -> list[Piece]:
    """Whose chunks these are, what they come to, and what the cells of the timeline mean."""
    looks = Counter(look(chunk) for chunk in found.chunks)
    pieces = [Piece(f"  {found.table.label}", Tone.INFO), Piece(f"  ≈ {bytes_text(_bytes(found.chunks))} ", Tone.PLAIN)]
    for name, word in WORDS.items():
        if looks[name]:
            pieces.append(Piece(f" {GLYPHS[name]} {count(looks[name])} {word}", TONES.get(name, Tone.PLAIN)))
    strays = sum(chunk.part.rows or 0 for chunk in found.chunks if chunk.state == "default")
    if strays:
        pieces.append(Piece(f" ▲ {number_of(strays, 'row')} in DEFAULT", Tone.WARNING))
    return [*pieces, *_asked(found.looked.as_of if found.looked else None, found.as_of)]


def _bytes(chunks: Sequence[Chunk]) -> int:
    return sum(chunk.bytes or 0 for chunk in chunks)


def _asked(then: datetime | None, now: datetime) -> list[Piece]:
    """How old the indexes' figures are; nothing while that is not worth a word."""
    seconds = (now - then).total_seconds() if then else 0.0
    return [Piece(f" · indexes {age(seconds)} ago", Tone.MUTED)] if seconds >= 60 else []
