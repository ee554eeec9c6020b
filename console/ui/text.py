"""Text that may go on a terminal: pure functions; numbers as text are those of console/units.py.

A database stores what anybody wrote into it. Everything that comes from a server passes `sanitise` before it is drawn.
"""

import re
from functools import lru_cache
from unicodedata import category

from rich.cells import cell_len, get_character_cell_size, set_cell_size

from console.units import age, bytes_text, count, duration, rate

__all__ = ["age", "bytes_text", "count", "duration", "fit", "rate", "sanitise"]

CELL_LIMIT = 1_000
"""Characters of a one-line text that are looked at; the rest could not be seen anyway."""

BLOCK_LIMIT = 200_000
"""Characters of a text of many lines that are looked at."""

MARKS_LIMIT = 3
"""Combining marks that one letter may carry; more of them run into the lines above and below."""

_NOT_ASCII = re.compile(r"[^\x20-\x7e]+")
_LINE_BREAK = re.compile(r"\r\n?|[\n\x0b\x0c\x85\u2028\u2029]")
_INVISIBLE = re.compile("[\u034f\u115f\u17b4\u17b5\u180b-\u180f\u2800\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_ONE_LINE = {"\n": "⏎", "\t": "⇥"}


def sanitise(text: str, *, lines: bool = False, limit: int | None = None) -> str:
    r"""A text in which everything that a terminal would obey, or not show, is spelled out.

    That is: control characters (C0, C1, DEL), direction marks, zero-width and invisible characters, surrogates, tags,
    separators other than the space, code points that nobody has assigned, and heaps of combining marks. Line breaks and
    tabs become signs, or stay what they mean with `lines`. No more than `limit` characters are looked at.

    >>> print(sanitise("a\x1b]52;c;aGk=\x07b \u202eevil\x9b"))
    a\x1b]52;c;aGk=\x07b \u202eevil\x9b
    >>> sanitise("select 1,\n\t2")
    'select 1,⏎⇥2'
    >>> sanitise("one\r\ntwo\tthree", lines=True)
    'one\ntwo     three'
    >>> sanitise("Žofie 東京"), sanitise("abcdef", limit=3)
    ('Žofie 東京', 'abc…')
    """
    allowed = limit or (BLOCK_LIMIT if lines else CELL_LIMIT)
    shown = text[:allowed]
    if not (shown.isascii() and shown.isprintable()):
        shown = _block(shown) if lines else _NOT_ASCII.sub(_spell_run, _LINE_BREAK.sub("\n", shown))
    return shown if len(text) <= allowed else shown + "…"


def _block(text: str) -> str:
    parts = _LINE_BREAK.sub("\n", text).split("\n")
    return "\n".join(_NOT_ASCII.sub(_spell_run, part.expandtabs(8)) for part in parts)


def _spell_run(run: re.Match[str]) -> str:
    """Spell out what must not be drawn in a stretch of characters beyond printable ASCII."""
    marks = 0 if run.start() else MARKS_LIMIT  # a mark with no letter before it would land on the neighbouring cell
    parts = []
    for character in run[0]:
        if _is_mark(character):
            marks += 1
            parts.append(character if marks <= MARKS_LIMIT else _escape(character))
        else:
            marks = 0
            parts.append(_spell(character))
    return "".join(parts)


@lru_cache(maxsize=4096)
def _is_mark(character: str) -> bool:
    kind = category(character)
    below = kind == "Mc" and get_character_cell_size(character) == 0  # vowel signs of Indian scripts
    return (below or kind in {"Mn", "Me"}) and not _INVISIBLE.match(character)


@lru_cache(maxsize=4096)
def _spell(character: str) -> str:
    if character in _ONE_LINE:
        return _ONE_LINE[character]
    drawn = character.isprintable() and get_character_cell_size(character) > 0
    return character if drawn and not _INVISIBLE.match(character) else _escape(character)


def _escape(character: str) -> str:
    r"""How Python would write it.

    >>> print(_escape("\x9b"), _escape("\u200b"), _escape("\U000e0041"))
    \x9b \u200b \U000e0041
    """
    return (
        character.encode("ascii", "backslashreplace").decode() if ord(character) > 127 else f"\\x{ord(character):02x}"
    )


def fit(text: str, width: int, *, right: bool = False) -> str:
    """A one-line text in exactly `width` cells; what is cut ends in an ellipsis.

    >>> fit("idle in transaction", 8), fit("42", 5, right=True), fit("東京", 3)
    ('idle in…', '   42', '東…')
    """
    size = cell_len(text)
    if size <= width:
        blank = " " * (width - size)
        return blank + text if right else text + blank
    return set_cell_size(text, width - 1) + "…" if width > 0 else ""
