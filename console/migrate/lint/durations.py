"""The intervals that policies are written with."""

import re

from console.migrate.kinds.models import Tokens

_PART = re.compile(r"(-?\d+(?:\.\d+)?)\s*(second|minute|min|hour|day|week|month|mon|year)s?")
_DAYS = {
    "second": 1 / 86_400,
    "minute": 1 / 1_440,
    "min": 1 / 1_440,
    "hour": 1 / 24,
    "day": 1.0,
    "week": 7.0,
    "month": 365.25 / 12,
    "mon": 365.25 / 12,
    "year": 365.25,
}


def days(tokens: Tokens) -> float | None:
    """The days of an interval that is written out; None for anything else, such as an integer or an expression.

    >>> days(("interval", "'7 years'")), days(("'36 hours'", "::", "interval")), days(("now", "(", ")"))
    (2556.75, 1.5, None)
    """
    said = [token for token in tokens if token.lower() not in ("interval", "::", "cast", "(", ")", "as")]
    if len(said) != 1 or not said[0].startswith("'"):
        return None
    text = said[0].strip("'").strip().lower()
    parts = _PART.findall(text)
    if not parts or _PART.sub("", text).strip():
        return None
    return sum(float(number) * _DAYS[unit] for number, unit in parts)
