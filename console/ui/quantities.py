"""Numbers with units, as a person types them."""

import re

from console.errors import UsageError
from console.ui.columns import Kind

_UNITS: dict[Kind, dict[str, float]] = {
    Kind.SECONDS: {"": 1, "ms": 0.001, "s": 1, "m": 60, "min": 60, "h": 3_600, "d": 86_400, "w": 604_800},
    Kind.BYTES: {"": 1, "b": 1, "kb": 1024, "mb": 1024**2, "gb": 1024**3, "tb": 1024**4},
    Kind.NUMBER: {"": 1, "k": 1e3, "m": 1e6},
}
_EXAMPLES: dict[Kind, str] = {
    Kind.SECONDS: "a time span; 30s, 5m, 2h and 7d are",
    Kind.BYTES: "a size; 500kB, 20MB and 1.5GB are",
    Kind.NUMBER: "a number; 10, 2.5 and 40k are",
}
_QUANTITY = re.compile(r"(\d{1,15}(?:\.\d{1,15})?|\.\d{1,15})\s*([a-z]*)")
"""Fifteen digits are more than any figure here has, and none that a float could not hold."""


def quantity(text: str, kind: Kind) -> float:
    """The number in seconds, bytes or ones; UsageError if it is none.

    >>> quantity("1.5h", Kind.SECONDS), quantity("1GB", Kind.BYTES), quantity("40k", Kind.NUMBER)
    (5400.0, 1073741824.0, 40000.0)
    """
    if kind is Kind.TEXT:
        raise UsageError("These are words; < and > are for numbers.")
    match = _QUANTITY.fullmatch(text.strip().lower())
    if match is None or match[2] not in _UNITS[kind]:
        raise UsageError(f'"{text}" is not {_EXAMPLES[kind]}.')
    return float(match[1]) * _UNITS[kind][match[2]]
