"""On which line of a TOML text a key stands; the parser of the standard library does not tell."""

import tomllib
from collections.abc import Sequence
from typing import Any


def line_of(text: str, path: Sequence[str]) -> int:
    """The line, from 1, where the statement begins that brings in a key, or the nearest table around it.

    The parser itself decides: a text cut after a whole statement still parses, so the key stands in the statement
    after the longest part that parses without it. `text` must be TOML as a whole.

    >>> line_of('a = 1\\n[b]\\nc."d e" = [\\n  2,\\n]\\n', ("b", "c", "d e"))
    3
    """
    lines = text.split("\n")
    start = 1
    for end in range(len(lines) + 1):
        try:
            data = tomllib.loads("".join(f"{line}\n" for line in lines[:end]))
        except tomllib.TOMLDecodeError:
            continue
        if _contains(data, path):
            return start
        start = end + 1
    return line_of(text, path[:-1])


def _contains(data: Any, path: Sequence[str]) -> bool:
    for key in path:
        if not isinstance(data, dict) or key not in data:
            return False
        data = data[key]
    return True
