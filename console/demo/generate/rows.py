"""Rows in COPY's text format: one line a row, tabs between the values."""

import re

NULL = r"\N"
"""No value."""

_CONTROLS = {"t": "\t", "n": "\n", "r": "\r"}
_ESCAPES = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})


def line(*values: object) -> str:
    r"""One row; None is NULL, and whatever COPY would misread is escaped.

    >>> line("a\tb", None, True, 7)
    'a\\tb\t\\N\tt\t7\n'
    """
    return "\t".join(_text(value) for value in values) + "\n"


def values(row: str) -> list[str | None]:
    r"""The values of one line again, for servers that take no COPY.

    >>> values(line("a\tb", None))
    ['a\tb', None]
    """
    return [None if cell == NULL else _plain(cell) for cell in row.removesuffix("\n").split("\t")]


def _text(value: object) -> str:
    if value is None:
        return NULL
    if isinstance(value, bool):
        return "t" if value else "f"
    return str(value).translate(_ESCAPES)


def _plain(cell: str) -> str:
    return re.sub(r"\\(.)", lambda escape: _CONTROLS.get(escape[1], escape[1]), cell)
