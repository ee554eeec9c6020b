"""Text that may go on a terminal, and numbers as text: pure functions.

A database stores what anybody wrote into it. Everything that comes from a server passes `sanitise` before it is drawn.
"""

import re
from functools import lru_cache
from unicodedata import category

from rich.cells import cell_len, get_character_cell_size, set_cell_size

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


def age(seconds: float | None) -> str:
    """A time span in its largest unit only, so that a line which says `3 h` stays untouched for an hour.

    >>> [age(s) for s in (0.4, 3, 119, 3_700, 360_000, 86_400 * 1_100)]
    ['0 s', '3 s', '1 m', '1 h', '4 d', '3 y']
    >>> age(None), age(-2.0)
    ('', '0 s')
    """
    if seconds is None:
        return ""
    for unit, size, most in (("s", 1, 60), ("m", 60, 60), ("h", 3_600, 24), ("d", 86_400, 1_000)):
        if seconds < size * most:
            return f"{max(0, int(seconds / size))} {unit}"
    return f"{int(seconds / 31_557_600)} y"


def duration(seconds: float | None) -> str:
    """How long something took, with three digits where they mean something.

    >>> [duration(s) for s in (0.00012, 0.0841, 1.24, 75.0, 4_000.0, 200_000.0)]
    ['0.12 ms', '84.1 ms', '1.24 s', '1 m 15 s', '1 h 06 m', '2 d 07 h']
    """
    if seconds is None:
        return ""
    if seconds < 1:
        return f"{_three_digits(seconds * 1000)} ms"
    if seconds < 60:
        return f"{_three_digits(seconds)} s"
    if seconds < 3_600:
        return f"{int(seconds / 60)} m {int(seconds % 60):02} s"
    if seconds < 86_400:
        return f"{int(seconds / 3_600)} h {int(seconds % 3_600 / 60):02} m"
    return f"{int(seconds / 86_400)} d {int(seconds % 86_400 / 3_600):02} h"


def bytes_text(size: float | None) -> str:
    """A size in at most seven cells, in the units that PostgreSQL uses (1 kB = 1,024 bytes).

    >>> [bytes_text(n) for n in (0, 1_023, 1_536, 22_020_096, 10_995_116_277_760)]
    ['0 B', '1023 B', '1.50 kB', '21.0 MB', '10.0 TB']
    >>> bytes_text(None), bytes_text(-1_536)
    ('', '-1.50 kB')
    """
    if size is None:
        return ""
    left = abs(size)
    units = iter(("B", "kB", "MB", "GB", "TB"))
    unit = next(units)
    for larger in units:
        if left < 1_023.5:
            break
        left, unit = left / 1_024, larger
    number = f"{left:.0f}" if unit == "B" else _three_digits(left)
    return f"{'-' if size < 0 else ''}{number} {unit}"


def count(number: float | None) -> str:
    """A whole number with its thousands apart.

    >>> count(48211), count(None)
    ('48,211', '')
    """
    return "" if number is None else f"{number:,.0f}"


def rate(per_second: float | None) -> str:
    """Events a second, in at most seven cells.

    >>> [rate(n) for n in (0, 0.25, 12, 1_204, 48_211, 3_000_000)]
    ['0/s', '0.25/s', '12.0/s', '1,204/s', '48.2k/s', '3.00M/s']
    """
    if per_second is None:
        return ""
    if per_second == 0:
        return "0/s"
    if per_second < 1_000:
        return f"{_three_digits(per_second)}/s"
    if per_second < 9_999.5:
        return f"{per_second:,.0f}/s"
    return f"{_three_digits(per_second / 1e3)}k/s" if per_second < 999_500 else f"{_three_digits(per_second / 1e6)}M/s"


def _three_digits(number: float) -> str:
    """Three significant digits, never in exponents.

    >>> [_three_digits(n) for n in (0.123, 9.996, 10.0, 99.96, 1023.0)]
    ['0.12', '10.0', '10.0', '100', '1023']
    """
    decimals = 2 if number < 9.995 else 1 if number < 99.95 else 0
    return f"{number:.{decimals}f}"
