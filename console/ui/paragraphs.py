"""Text as lines of a width."""

from collections.abc import Iterator
from textwrap import wrap

from rich.cells import cell_len

from console.ui.columns import GUTTER, Tone
from console.ui.lines import Line, Piece
from console.ui.text import fit, sanitise

PARAGRAPH_LIMIT = 4_000
"""Characters of a text that are looked at."""


def text_line(text: str, width: int, tone: Tone = Tone.PLAIN) -> Line:
    """A sentence on a line of its own."""
    return Line("row", (Piece(fit(" " * GUTTER + sanitise(text), width), tone),))


def wrapped(text: str, width: int) -> list[str]:
    """A text as lines that are safe to draw; of one with characters two cells wide each counts as such a one.

    >>> wrapped("Row security hides rows.", 14), wrapped("患者記録東京都病院統合基盤", 16)
    (['Row security', 'hides rows.'], ['患者記録東京都病', '院統合基盤'])
    """
    safe = sanitise(text, limit=PARAGRAPH_LIMIT)
    return wrap(safe, max(8, width if safe.isascii() or cell_len(safe) <= len(safe) else width // 2)) or [""]


def paragraph(text: str, tone: Tone, width: int) -> Iterator[Line]:
    """Lines of one text; all but the first stand below its words, not below its sign."""
    first, *others = wrapped(text, width - 2 * GUTTER)
    yield text_line(first, width, tone)
    for other in others:
        yield text_line(" " * GUTTER + other, width, tone)


def blank(width: int) -> Line:
    """Nothing."""
    return Line("row", (Piece(" " * width, Tone.PLAIN),))
